package io.jenkins.plugins.gitops.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.configuration.checks.GitHubCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GitLabCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GiteaCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.JenkinsJobCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.configuration.gates.GateDefinition;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.images.ImageSetLayout;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.Wave;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Definitions of repositories and waves become settings, or are refused with one sentence that names the field. */
class RepositoryValidatorTest extends ConfigurationTestBase {

    @Test
    void hasTheDefaultsOfTheContract() {
        RepositorySettings settings = repository("cfg-app", URL).toSettings();

        assertThat(settings.mainBranch()).isEqualTo("master");
        assertThat(settings.autoBranch()).isEqualTo("auto");
        assertThat(settings.stateRef()).isEqualTo("refs/gitops-waves/master/state");
        assertThat(settings.layout()).isEqualTo(ImageSetLayout.Layout.TAGS_AND_DIGESTS);
        assertThat(settings.pollInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.missingChecksAfter()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.redGrace()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.requiredChecks())
                .singleElement()
                .satisfies(check -> assertThat(check.source()).isEqualTo("reported"));
        assertThat(settings.waves())
                .containsExactly(
                        Wave.named("staging").build(),
                        Wave.named("internal").promotesFrom("staging").build(),
                        Wave.named("production").promotesFrom("internal").build());
    }

    static Stream<Arguments> badInput() {
        return Stream.of(
                bad(null, URL, r -> {}, "name", "missing"),
                bad("../x", URL, r -> {}, "name", "../x"),
                bad("cfg-app", null, r -> {}, "cfg-app", "url", "missing"),
                bad("cfg-app", "git.example.com/x", r -> {}, "cfg-app", "url", "https://"),
                bad("cfg-app", "http://git.example.com/x", r -> {}, "cfg-app", "url", "allowInsecure"),
                bad("cfg-app", "file:///srv/x.git", r -> {}, "cfg-app", "url", "allowInsecure"),
                bad("cfg-app", "ssh://git:hunter2@git.example.com/x", r -> {}, "url", "user or password"),
                bad("cfg-app", "ssh:///x", r -> {}, "url", "no host"),
                bad("cfg-app", "git:hunter2@git.example.com:x", r -> {}, "url", "https://"),
                bad("cfg-app", "https://bot:hunter2@git.example.com/x", r -> {}, "url", "credentialsId"),
                bad("cfg-app", URL, r -> r.setRequiredChecks(List.of()), "requiredChecks", "mergeWithoutChecks"),
                bad("cfg-app", URL, r -> r.setChecks(List.of()), "checks", "reported"),
                bad(
                        "cfg-app",
                        URL,
                        r -> r.setRequiredChecks(List.of(new RequiredCheckDefinition(" "))),
                        "requiredChecks",
                        "name"),
                bad(
                        "cfg-app",
                        URL,
                        r -> r.setRequiredChecks(
                                List.of(new RequiredCheckDefinition("a"), new RequiredCheckDefinition("a"))),
                        "requiredChecks",
                        "twice"),
                bad(
                        "cfg-app",
                        URL,
                        r -> r.getRequiredChecks().get(0).setSource("github"),
                        "requiredChecks",
                        "github",
                        "reported"),
                bad(
                        "cfg-app",
                        URL,
                        r -> r.setChecks(List.of(new GitHubCheckSource(null))),
                        "checks",
                        "github",
                        "repository"),
                bad("cfg-app", URL, r -> r.setChecks(List.of(new GitHubCheckSource("acme/.."))), "github", "acme/.."),
                bad(
                        "cfg-app",
                        URL,
                        r -> r.setChecks(List.of(gitHub("http://x.example.com"))),
                        "apiUrl",
                        "allowInsecure"),
                bad(
                        "cfg-app",
                        URL,
                        r -> r.setChecks(List.of(gitHub("https://bot:hunter2@x.example.com"))),
                        "apiUrl",
                        "credentialsId"),
                bad(
                        "cfg-app",
                        URL,
                        r -> r.setChecks(List.of(new GitLabCheckSource(null, "a/b"))),
                        "gitlab",
                        "url",
                        "https://"),
                bad(
                        "cfg-app",
                        URL,
                        r -> r.setChecks(List.of(new GitLabCheckSource("https://x.example.com", "a b"))),
                        "gitlab",
                        "project",
                        "a b"),
                bad(
                        "cfg-app",
                        URL,
                        r -> r.setChecks(List.of(new GiteaCheckSource("https://x.example.com?a", "a/b"))),
                        "gitea",
                        "url",
                        "'?'"),
                bad(
                        "cfg-app",
                        URL,
                        r -> r.setChecks(List.of(new GitHubCheckSource("a/b"), new GitHubCheckSource("a/c"))),
                        "checks",
                        "github twice"),
                bad("cfg-app", URL, r -> r.getRequiredChecks().get(0).setAppId(15368), "appId 15368 of reported"),
                bad(
                        "cfg-app",
                        URL,
                        r -> r.getRequiredChecks().get(0).setWorkflow("test.yml"),
                        "workflow \"test.yml\" of reported"),
                bad(
                        "cfg-app",
                        URL,
                        r -> r.setRequiredChecks(List.of(new RequiredCheckDefinition("gitops-waves"))),
                        "gitops-waves",
                        "reports itself"),
                bad("cfg-app", URL, r -> r.setPollInterval("soon"), "cfg-app", "pollInterval", "soon", "30s"),
                bad("cfg-app", URL, r -> r.setPollInterval("0s"), "cfg-app", "pollInterval"),
                bad("cfg-app", URL, r -> r.setRedGrace("1 minute"), "redGrace", "1 minute"),
                bad("cfg-app", URL, r -> r.setLayout("xml"), "layout", "xml", "tagsAndDigests"),
                bad("cfg-app", URL, r -> r.setMainBranch("a..b"), "mainBranch", "a..b"),
                bad("cfg-app", URL, r -> r.setAutoBranch("master"), "autoBranch"),
                bad("cfg-app", URL, r -> r.setStateRef("refs/heads/x y"), "stateRef", "neither a branch nor a ref"),
                bad("cfg-app", URL, r -> r.setStateRef("refs/tags/state"), "stateRef", "neither a branch nor a ref"),
                bad("cfg-app", URL, r -> r.setStateRef("auto"), "stateRef", "something else"),
                bad("cfg-app", URL, r -> r.setStateRef("auto-ci/1"), "stateRef", "something else"),
                bad(
                        "cfg-app",
                        URL,
                        r -> r.setStateRef("refs/gitops-waves/master/checks/state"),
                        "stateRef",
                        "something else"),
                bad("cfg-app", URL, r -> r.setCommitUrl("javascript:alert({sha})"), "commitUrl", "https://"),
                bad("cfg-app", URL, r -> r.setAppCommitUrl("https://git.example.com/"), "appCommitUrl", "{sha}"),
                bad("cfg-app", URL, r -> r.setAppCompareUrl("https://x.example.com/{from}"), "appCompareUrl", "{to}"),
                bad("cfg-app", URL, r -> r.setWaves(List.of(new WaveDefinition(""))), "waves", "name"),
                bad("cfg-app", URL, r -> r.setWaves(List.of(promoting("b", "c"))), "promotesFrom", "c"));
    }

    /** Names that could leave their place, or that not every file system and server tells apart. */
    static Stream<Arguments> hostileNames() {
        Stream.Builder<Arguments> bad = Stream.builder();
        for (String branch : List.of(
                "refs/heads/master",
                "HEAD",
                "-f",
                "../master",
                "/master",
                "a//b",
                "a.",
                "a.lock",
                "a b",
                "a\0b",
                "a\nb")) {
            bad.add(bad("cfg-app", URL, r -> r.setMainBranch(branch), "mainBranch", "name of a branch"));
            bad.add(bad("cfg-app", URL, r -> r.setAutoBranch(branch), "autoBranch", "name of a branch"));
        }
        for (String branch : List.of("Master", "master/auto")) {
            bad.add(bad("cfg-app", URL, r -> r.setAutoBranch(branch), "autoBranch", "choose another"));
        }
        for (String ref : List.of(
                "master",
                "auto",
                "auto/state",
                "auto-ci",
                "auto-ci/1",
                "-f",
                "../state",
                "state.",
                "state\nx",
                "refs/tags/state",
                "refs/notes/gitops-waves",
                "refs/gitops-waves/master/checks",
                "refs/gitops-waves/master/evicted/x")) {
            bad.add(bad("cfg-app", URL, r -> r.setStateRef(ref), "stateRef"));
        }
        for (String name : List.of("cfg.", "..", "a/b", "a\\b", "-f", "a\0b", "a\nb")) {
            bad.add(bad(name, URL, r -> {}, "name", "not usable"));
            bad.add(bad("cfg-app", URL, r -> r.setWaves(List.of(new WaveDefinition(name))), "waves", "not usable"));
        }
        bad.add(bad(
                "cfg-app",
                URL,
                r -> r.setRequiredChecks(List.of(new RequiredCheckDefinition("x".repeat(1001)))),
                "requiredChecks",
                "at most 1000"));
        for (String name : List.of("staging.json", "a.JSON")) {
            bad.add(bad(
                    "cfg-app", URL, r -> r.setWaves(List.of(new WaveDefinition(name))), "waves", "leave out .json"));
        }
        for (String sets : List.of("..", "a/b", "a.", "-f", "a\0b")) {
            bad.add(bad("cfg-app", URL, r -> r.setImageSets(List.of(sets)), "imageSets", "not usable"));
        }
        bad.add(bad("cfg-app", URL, r -> r.setImageSets(List.of("shop\nShop")), "imageSets", "twice"));
        bad.add(bad("cfg-app", URL, r -> r.setReplacedSets(List.of("shop")), "replacedSets", "not an image set"));
        bad.add(bad(
                "cfg-app",
                URL,
                r -> r.setWaves(List.of(new WaveDefinition("staging"), new WaveDefinition("Staging"))),
                "waves",
                "Staging"));
        for (String path :
                List.of("../x", "/x", "images/../x", "images\\x", "images/x.", "-x", ".git/x", "images/\0")) {
            bad.add(bad("cfg-app", URL, r -> r.setWaves(List.of(in("staging", path))), "imagesPath", "images/staging"));
        }
        bad.add(bad(
                "cfg-app",
                URL,
                r -> r.setWaves(List.of(in("a", "images/x"), in("b", "Images/X"))),
                "imagesPath",
                "both a and b"));
        return bad.build();
    }

    private static WaveDefinition in(String name, String imagesPath) {
        WaveDefinition wave = new WaveDefinition(name);
        wave.setImagesPath(imagesPath);
        return wave;
    }

    private static GitHubCheckSource gitHub(String apiUrl) {
        GitHubCheckSource gitHub = new GitHubCheckSource("acme/cfg-app");
        gitHub.setApiUrl(apiUrl);
        return gitHub;
    }

    private static WaveDefinition promoting(String name, String from) {
        WaveDefinition wave = new WaveDefinition(name);
        wave.setPromotesFrom(from);
        return wave;
    }

    private static Arguments bad(String name, String url, Consumer<RepositoryDefinition> change, String... words) {
        return Arguments.of(name, url, change, words);
    }

    @ParameterizedTest
    @MethodSource({"badInput", "hostileNames"})
    void refusesWithOneSentence(String name, String url, Consumer<RepositoryDefinition> change, String[] words) {
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository("before", URL)));
        RepositoryDefinition repository = repository(name, url);
        change.accept(repository);

        assertThatThrownBy(() -> GitOpsWavesConfiguration.get().setRepositories(List.of(repository)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words)
                .hasMessageNotContaining("hunter2");
        assertThat(GitOpsWavesConfiguration.get().repository("before")).isNotNull();
    }

    private static WaveDefinition internal(Consumer<WaveDefinition> with) {
        var internal = new WaveDefinition("internal");
        internal.setPromotesFrom("staging");
        with.accept(internal);
        return internal;
    }

    private static void asked(WaveDefinition wave, String url) {
        var gate = new GateDefinition("incidents", url);
        gate.setPointer("/count");
        gate.setValue("0");
        wave.setGates(List.of(gate));
    }

    private static WindowDefinition window(String cron, String duration, String timezone) {
        return new WindowDefinition(cron, duration, timezone);
    }

    static Stream<Arguments> badGates() {
        return Stream.of(
                badGate(wave -> wave.setSoak("long"), "soak", "duration"),
                badGate(wave -> wave.setSoak("91d"), "soak", "90 days"),
                badGate(wave -> wave.setIntake("open"), "intake", "freeze nor latest"),
                badGate(wave -> wave.setRequire("most"), "require", "80%"),
                badGate(wave -> wave.setRequire("canaries: internal-1"), "require", "has no applications"),
                badGate(
                        wave -> {
                            wave.setArgoServer("main");
                            wave.setApplications(List.of("internal-1"));
                            wave.setRequire("canaries: internal-2");
                        },
                        "require",
                        "internal-2",
                        "none of its applications"),
                badGate(wave -> wave.setStarvedAfter("soon"), "starvedAfter", "duration"),
                badGate(wave -> asked(wave, "https://{set}.example.com/open"), "gates", "place in its host"),
                badGate(wave -> asked(wave, "https://gate-{wave}"), "gates", "place in its host"),
                badGate(wave -> asked(wave, "https://a.example.com:{set}/"), "gates", "place in its host"),
                badGate(wave -> asked(wave, "https://{set}@a.example.com/"), "gates", "place in its host"),
                badGate(wave -> asked(wave, "http://a.example.com/{set}"), "gates", "https"),
                badGate(wave -> asked(wave, "https://a.example.com/{secret}"), "gates", "stands for nothing"),
                badGate(wave -> wave.setWindows(List.of(window("0 9 31 2 *", "7h", "UTC"))), "windows", "never opens"),
                badGate(wave -> wave.setWindows(List.of(window("0 9 * * *", "7h", "Berlin"))), "windows", "time zone"),
                badGate(wave -> wave.setWindows(List.of(window("0 9 * * *", "", "UTC"))), "windows", "needs cron"),
                badGate(wave -> wave.setWindows(List.of(window("H 9 * * *", "7h", "UTC"))), "windows", "H has no"),
                badGate(wave -> wave.setPromotesFrom("production"), "promotesFrom", "circle", "production"),
                badGate(wave -> wave.setImagesPath("images/staging"), "imagesPath", "both staging and internal"),
                badGate(
                        wave -> {
                            wave.setPromotesFrom(null);
                            wave.setSoak("1h");
                        },
                        "soak",
                        "promotes from no other"));
    }

    private static Arguments badGate(Consumer<WaveDefinition> with, String... words) {
        return Arguments.of(with, words);
    }

    @ParameterizedTest
    @MethodSource("badGates")
    void refusesGatesThatCannotBe(Consumer<WaveDefinition> with, String[] words) {
        RepositoryDefinition repository = repository("cfg-app", URL);
        var production = new WaveDefinition("production");
        production.setPromotesFrom("internal");
        repository.setWaves(List.of(new WaveDefinition("staging"), internal(with), production));

        assertThatThrownBy(repository::toSettings)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words)
                .hasMessageContaining("cfg-app");
    }

    @Test
    void readsTheGatesOfAWave() {
        RepositoryDefinition repository = repository("cfg-app", URL);
        WaveDefinition internal = internal(wave -> {
            wave.setSoak("30m");
            wave.setWindows(List.of(window("0 9 * * 1-4", "7h", "Europe/Berlin")));
            wave.setStarvedAfter("3d");
            wave.setRequire("80%");
        });
        repository.setWaves(List.of(new WaveDefinition("staging"), internal));

        Gates gates = repository.toSettings().wave("internal").gates();

        assertThat(gates.soak()).isEqualTo(Duration.ofMinutes(30));
        assertThat(gates.freeze()).as("where there is a soak").isTrue();
        assertThat(gates.windows()).hasSize(1);
        assertThat(gates.starvedAfter()).contains(Duration.ofDays(3));
        assertThat(gates.require()).hasToString("80%");
        internal.setIntake("latest");
        assertThat(repository.toSettings().wave("internal").gates().freeze()).isFalse();
        assertThat(repository.toSettings().wave("staging").gates()).isEqualTo(Gates.NONE);
    }

    @Test
    void refusesAJenkinsJobWithoutAJob() {
        RepositoryDefinition repository = repository("cfg-app", URL);
        repository.setChecks(List.of(new JenkinsJobCheckSource(" ")));

        assertThatThrownBy(repository::toSettings)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("cfg-app", "checks of jenkinsJob: job is missing");
    }
}
