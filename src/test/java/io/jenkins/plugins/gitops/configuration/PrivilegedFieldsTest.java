package io.jenkins.plugins.gitops.configuration;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.configuration.base.PrivilegedSetting;
import io.jenkins.plugins.gitops.configuration.checks.GitHubCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GitLabCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.JenkinsJobCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.ReportedCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.configuration.gates.ApprovalsDefinition;
import io.jenkins.plugins.gitops.configuration.gates.GateDefinition;
import io.jenkins.plugins.gitops.configuration.gates.VerificationDefinition;
import io.jenkins.plugins.gitops.configuration.repository.NotificationDefinition;
import io.jenkins.plugins.gitops.configuration.repository.SignaturesDefinition;
import io.jenkins.plugins.gitops.configuration.repository.SigningDefinition;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.kohsuke.stapler.DataBoundSetter;

/** Which fields a user with Configure and without Administer may change: a new field is in the list, or privileged. */
@Tag("sandbox")
class PrivilegedFieldsTest {

    private static final Set<String> FREE = Set.of(
            "RepositoryDefinition.layout",
            "RepositoryDefinition.imageSets",
            "RepositoryDefinition.generatedPaths",
            "RepositoryDefinition.announcements",
            "RepositoryDefinition.onlyWhenDigestsChange",
            "RepositoryDefinition.committerName",
            "RepositoryDefinition.committerEmail",
            "RepositoryDefinition.messageTemplate",
            "RepositoryDefinition.commitUrl",
            "RepositoryDefinition.appCommitUrl",
            "RepositoryDefinition.appCompareUrl",
            "RepositoryDefinition.pollInterval",
            "RepositoryDefinition.missingChecksAfter",
            "RepositoryDefinition.redGrace",
            "RepositoryDefinition.brokenCheckGrace",
            "WaveDefinition.intake",
            "WaveDefinition.starvedAfter",
            "ArgoCdServerDefinition.watch",
            "RegistryDefinition.verify");

    private final RequiredCheckDefinition check = new RequiredCheckDefinition("ci/check");
    private final GitHubCheckSource github = new GitHubCheckSource("acme/cfg-app");
    private final WaveDefinition wave = new WaveDefinition("production");
    private final ArgoCdServerDefinition server = new ArgoCdServerDefinition("main", "https://argocd.example.com");
    private final RegistryDefinition registry = new RegistryDefinition("https://docker.example.com");
    private final RepositoryDefinition repository = repository("cfg-app", "https://git.example.com/cfg-app.git");

    @BeforeEach
    void needsAHome() {
        assumeTrue(Jenkins.getInstanceOrNull() != null, "runs on the Jenkins types of the sandbox");
        server.setCredentialsId("argo-token");
        github.setCredentialsId("git");
    }

    private RepositoryDefinition repository(String name, String url) {
        var made = new RepositoryDefinition(name, url);
        made.setCredentialsId("git");
        made.setImagesSecretId("images");
        made.setAllowedJobs(List.of("acme/**"));
        made.setChecks(List.of(github, new ReportedCheckSource(), new JenkinsJobCheckSource("acme/cfg-app")));
        made.setRequiredChecks(List.of(check));
        made.setWaves(List.of(wave));
        return made;
    }

    private Set<PrivilegedSetting> settings(RepositoryDefinition of) {
        return Stream.of(new RepositoryPrivileges(of).all(), server.privilegedSettings(), registry.privilegedSettings())
                .flatMap(each -> each)
                .collect(toSet());
    }

    @Test
    void everyOtherFieldIsLeftToAdministrators() throws Exception {
        Set<PrivilegedSetting> saved = settings(repository);
        var free = new TreeSet<String>();
        for (Object form : List.of(repository, wave, check, github, server, registry)) {
            for (Method setter : form.getClass().getMethods()) {
                if (setter.isAnnotationPresent(DataBoundSetter.class)) {
                    Object before = getter(form, setter).invoke(form);
                    setter.invoke(form, another(setter, before));
                    if (saved.containsAll(settings(repository))) {
                        free.add(form.getClass().getSimpleName() + "." + field(setter));
                    }
                    setter.invoke(form, before);
                    assertThat(settings(repository)).as(setter.getName()).isEqualTo(saved);
                }
            }
        }

        assertThat(free).isEqualTo(new TreeSet<>(FREE));
    }

    private static String field(Method setter) {
        return Character.toLowerCase(setter.getName().charAt(3))
                + setter.getName().substring(4);
    }

    private static Method getter(Object form, Method setter) throws NoSuchMethodException {
        String prefix = setter.getParameterTypes()[0] == boolean.class ? "is" : "get";
        return form.getClass().getMethod(prefix + setter.getName().substring(3));
    }

    /** Another value than the present one, as the form may send it. */
    private static Object another(Method setter, Object before) {
        Class<?> type = setter.getParameterTypes()[0];
        if (type == boolean.class) {
            return !(boolean) before;
        }
        if (type == int.class) {
            return (int) before + 1;
        }
        if (type == long.class) {
            return (long) before + 1;
        }
        if (type == String.class) {
            return "another";
        }
        return switch (field(setter)) {
            case "waves" -> List.of(new WaveDefinition("another"));
            case "notifications" -> List.of(new NotificationDefinition("https://hooks.example.com", "another"));
            case "signatures" -> new SignaturesDefinition(List.of("another"), List.of("another"));
            case "signing" -> new SigningDefinition("another");
            case "generator" -> new GeneratorDefinition("another");
            case "verifications" -> List.of(new VerificationDefinition("another"));
            case "gates" -> List.of(new GateDefinition("another", "https://incidents.example.com/"));
            case "approvals" -> new ApprovalsDefinition();
            case "windows" -> List.of(new WindowDefinition("0 9 * * *", "1h", "UTC"));
            case "checks" -> List.of(new GitLabCheckSource("https://gitlab.example.com", "acme/another"));
            case "requiredChecks" -> List.of(new RequiredCheckDefinition("another"));
            default -> List.of("another");
        };
    }

    @Test
    void whatIsGivenToOneRepositoryIsNotForAnother() {
        Set<PrivilegedSetting> saved = settings(repository);

        RepositoryDefinition other = repository("other", "https://git.example.com/cfg-app.git");

        assertThat(new RepositoryPrivileges(other).all())
                .filteredOn(saved::contains)
                .as("but the address and token of the checks, which a test of the connection uses alone")
                .hasSize(1);
    }

    @Test
    void aGateIsNeitherLoosenedNorTakenOut() {
        wave.setPromotesFrom("internal");
        wave.setSoak("2h");
        wave.setRequire("80%");
        wave.setWindows(List.of(new WindowDefinition("0 9 * * 1-4", "7h", "Europe/Berlin")));
        List<PrivilegedSetting> saved =
                new RepositoryPrivileges(repository).all().toList();
        List<Consumer<WaveDefinition>> changes = List.of(
                changed -> changed.setSoak("1h"),
                changed -> changed.setSoak(null),
                changed -> changed.setRequire("1"),
                changed -> changed.setPromotesFrom(null),
                changed -> changed.setWindows(List.of()),
                changed -> changed.setWindows(List.of(new WindowDefinition("0 9 * * *", "7h", "Europe/Berlin"))),
                changed -> changed.setWindows(List.of(new WindowDefinition("0 9 * * 1-4", "24h", "Europe/Berlin"))),
                changed -> changed.setWindows(List.of(new WindowDefinition("0 9 * * 1-4", "7h", "UTC"))));

        for (Consumer<WaveDefinition> change : changes) {
            var changed = new WaveDefinition("production");
            changed.setPromotesFrom("internal");
            changed.setSoak("2h");
            changed.setRequire("80%");
            changed.setWindows(List.of(new WindowDefinition("0 9 * * 1-4", "7h", "Europe/Berlin")));
            repository.setWaves(List.of(changed));
            assertThat(saved)
                    .containsAll(new RepositoryPrivileges(repository).all().toList());
            change.accept(changed);
            assertThat(new RepositoryPrivileges(repository).all())
                    .filteredOn(setting -> !saved.contains(setting))
                    .extracting(PrivilegedSetting::subject)
                    .containsExactly("allowedJobs, path, gates and targets of the wave production of the repository"
                            + " cfg-app");
        }
    }

    @Test
    void twoServersCannotChangeTheirNames() {
        var renamed = new ArgoCdServerDefinition("other", "https://argocd.example.com");
        renamed.setCredentialsId("argo-token");

        assertThat(server.privilegedSettings())
                .doesNotContainAnyElementsOf(renamed.privilegedSettings().toList());
    }

    @Test
    void aWaveThatIsTakenOutLeavesNoDefaultBehind() {
        Set<PrivilegedSetting> saved = settings(repository);
        repository.setWaves(List.of());

        assertThat(saved)
                .doesNotContainAnyElementsOf(settings(repository).stream()
                        .filter(setting -> setting.subject().contains("default waves"))
                        .toList());
        assertThat(settings(repository)).anyMatch(setting -> setting.subject().contains("default waves"));
    }

    @Test
    void everySettingSaysWhatItIsOf() {
        wave.setPromotionJob("acme/promote");
        List<String> subjects = new ArrayList<>();
        settings(repository).forEach(setting -> subjects.add(setting.subject()));

        assertThat(subjects.stream().filter(subject -> !subject.contains("the checks of github")))
                .allMatch(subject -> Stream.of("repository cfg-app", "server main", "registry")
                        .anyMatch(subject::contains));
        assertThat(subjects).anyMatch(subject -> subject.contains("promotionJob"));
        assertThat(subjects)
                .anyMatch(subject -> subject.contains("credentials"))
                .anyMatch(subject -> subject.contains("imagesSecretId"))
                .anyMatch(subject -> subject.contains("allowedJobs"))
                .anyMatch(subject -> subject.contains("mergeWithoutChecks"));
    }
}
