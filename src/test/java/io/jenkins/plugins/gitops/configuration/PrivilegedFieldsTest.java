package io.jenkins.plugins.gitops.configuration;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import hudson.model.Describable;
import io.jenkins.plugins.gitops.configuration.base.PrivilegedSetting;
import io.jenkins.plugins.gitops.configuration.checks.AppRepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.BitbucketCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GitHubCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GitLabCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GiteaCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.JenkinsJobCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.ReportedCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.configuration.gates.ApprovalsDefinition;
import io.jenkins.plugins.gitops.configuration.gates.GateDefinition;
import io.jenkins.plugins.gitops.configuration.gates.VerificationDefinition;
import io.jenkins.plugins.gitops.configuration.repository.NotificationDefinition;
import io.jenkins.plugins.gitops.configuration.repository.SignaturesDefinition;
import io.jenkins.plugins.gitops.configuration.repository.SigningDefinition;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which fields a user with Configure and without Administer may change: a new field is in the list, or privileged. */
@Tag("sandbox")
class PrivilegedFieldsTest {

    private static final Set<String> FREE = Set.of(
            "RepositoryDefinition.layout",
            "RepositoryDefinition.imageSets",
            "RepositoryDefinition.generatedPaths",
            "RepositoryDefinition.announcements",
            "RepositoryDefinition.replacedSets",
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
            "GeneratorDefinition.timeout",
            "RegistryDefinition.verify");

    private final RequiredCheckDefinition check = new RequiredCheckDefinition("ci/check");
    private final GitHubCheckSource github = new GitHubCheckSource("acme/cfg-app");
    private final WaveDefinition wave = new WaveDefinition("production");
    private final ArgoCdServerDefinition server = new ArgoCdServerDefinition("main", "https://argocd.example.com");
    private final RegistryDefinition registry = new RegistryDefinition("https://docker.example.com");
    private final ClusterDefinition cluster = new ClusterDefinition("main", "https://cluster.example.com:6443");
    private final GitLabCheckSource gitlab = new GitLabCheckSource("https://gitlab.example.com", "acme/cfg-app");
    private final GiteaCheckSource gitea = new GiteaCheckSource("https://gitea.example.com", "acme/cfg-app");
    private final BitbucketCheckSource bitbucket = new BitbucketCheckSource("acme/cfg-app");
    private final JenkinsJobCheckSource jenkinsJob = new JenkinsJobCheckSource("acme/cfg-app");
    private final ReportedCheckSource reported = new ReportedCheckSource();
    private final SigningDefinition signing = new SigningDefinition("signing");
    private final SignaturesDefinition signatures = new SignaturesDefinition(List.of("a key"), List.of("acme/**"));
    private final NotificationDefinition notification =
            new NotificationDefinition("https://hooks.example.com/", "notify");
    private final GeneratorDefinition generator = new GeneratorDefinition("acme/generate");
    private final VerificationDefinition verification = new VerificationDefinition("smoke");
    private final GateDefinition gate = new GateDefinition("incidents", "https://incidents.example.com/open");
    private final ApprovalsDefinition approvals = new ApprovalsDefinition();
    private final WindowDefinition window = new WindowDefinition("0 9 * * 1-4", "7h", "Europe/Berlin");
    private final AppRepositoryDefinition application = new AppRepositoryDefinition("github", "acme/app");
    private final RepositoryDefinition repository = repository("cfg-app", "https://git.example.com/cfg-app.git");

    @BeforeEach
    void needsAHome() {
        assumeTrue(Jenkins.getInstanceOrNull() != null, "runs on the Jenkins types of the sandbox");
        server.setCredentialsId("argo-token");
        cluster.setCredentialsId("cluster-token");
        registry.setCredentialsId("pull");
        github.setCredentialsId("git");
        gate.setCredentialsId("incidents");
    }

    private RepositoryDefinition repository(String name, String url) {
        var made = new RepositoryDefinition(name, url);
        made.setCredentialsId("git");
        made.setImagesSecretId("images");
        made.setAllowedJobs(List.of("acme/**"));
        made.setChecks(List.of(github, gitlab, gitea, bitbucket, jenkinsJob, reported));
        made.setRequiredChecks(List.of(check));
        made.setAppRepository(application);
        made.setSigning(signing);
        made.setSignatures(signatures);
        made.setNotifications(List.of(notification));
        made.setGenerator(generator);
        wave.setVerifications(List.of(verification));
        wave.setApprovals(approvals);
        wave.setGates(List.of(gate));
        wave.setWindows(List.of(window));
        made.setWaves(List.of(wave));
        return made;
    }

    private Set<PrivilegedSetting> settings(RepositoryDefinition of) {
        return Stream.of(
                        new RepositoryPrivileges(of).all(),
                        server.privilegedSettings(),
                        cluster.privilegedSettings(),
                        registry.privilegedSettings())
                .flatMap(each -> each)
                .collect(toSet());
    }

    /** Forms by kind: a new one is in the configuration that is looked at here, or this fails. */
    @Test
    void everyFormOfTheConfigurationIsLookedAt() {
        String room = GitOpsWavesConfiguration.class.getPackageName();
        Set<String> forms = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(room).stream()
                        .filter(type -> type.isAssignableTo(Describable.class)
                                && !type.isAssignableTo(GlobalConfiguration.class)
                                && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::getName)
                        .collect(toSet());

        assertThat(forms()).extracting(form -> form.getClass().getName()).containsExactlyInAnyOrderElementsOf(forms);
        assertThat(Arrays.stream(GitOpsWavesConfiguration.class.getDeclaredFields())
                        .filter(field -> !Modifier.isStatic(field.getModifiers()))
                        .map(field -> ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0]))
                .as("the lists of the configuration, whose settings are compared before one is saved")
                .containsExactlyInAnyOrder(
                        RepositoryDefinition.class,
                        ArgoCdServerDefinition.class,
                        ClusterDefinition.class,
                        RegistryDefinition.class);
    }

    private List<Object> forms() {
        return List.of(
                repository,
                wave,
                check,
                github,
                gitlab,
                gitea,
                bitbucket,
                jenkinsJob,
                reported,
                server,
                cluster,
                registry,
                application,
                signing,
                signatures,
                notification,
                generator,
                verification,
                gate,
                approvals,
                window);
    }

    /** Whether or not credentials are sent there, an address is one that the controller opens. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyOtherFieldIsLeftToAdministrators(boolean withCredentials) throws Exception {
        if (!withCredentials) {
            server.setCredentialsId(null);
            cluster.setCredentialsId(null);
            github.setCredentialsId(null);
            gate.setCredentialsId(null);
            registry.setCredentialsId(null);
            repository.setCredentialsId(null);
            repository.setImagesSecretId(null);
        }
        Set<PrivilegedSetting> saved = settings(repository);
        var free = new TreeSet<String>();
        for (Object form : forms()) {
            for (Field field : fieldsOf(form.getClass())) {
                field.setAccessible(true);
                Object before = field.get(form);
                field.set(form, another(field, before));
                if (saved.containsAll(settings(repository))) {
                    free.add(form.getClass().getSimpleName() + "." + field.getName());
                }
                field.set(form, before);
                assertThat(settings(repository)).as(field.getName()).isEqualTo(saved);
            }
        }

        var expected = new TreeSet<>(FREE);
        if (!withCredentials) {
            // The controller asks the registries that Jenkinsfiles name anyway, without them too.
            expected.add("RegistryDefinition.url");
        }
        assertThat(free).isEqualTo(expected);
    }

    private static List<Field> fieldsOf(Class<?> form) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> type = form; type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    /** By the names of the rows, which are for an entry that keeps its name. */
    @Test
    void thePageNamesTheFieldsThatAreLeftToAdministrators() throws Exception {
        Map<String, Class<?>> rows = Map.of(
                "a repository", RepositoryDefinition.class,
                "a wave", WaveDefinition.class,
                "an Argo CD server", ArgoCdServerDefinition.class,
                "a cluster", ClusterDefinition.class,
                "an image registry", RegistryDefinition.class);
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/configuration.md"))) {
            folder = folder.getParent();
        }
        String page = Files.readString(folder.resolve("docs/configuration.md"));
        String table = page.substring(page.indexOf("| of | left to administrators |"));
        for (Map.Entry<String, Class<?>> row : rows.entrySet()) {
            String of = "\n| " + row.getKey() + " | ";
            assertThat(table).contains(of);
            String said = table.substring(table.indexOf(of) + of.length());
            Set<String> named = Pattern.compile("`(\\w+)`")
                    .matcher(said.substring(0, said.indexOf('\n')))
                    .results()
                    .map(match -> match.group(1))
                    .collect(toSet());
            Set<String> privileged = fieldsOf(row.getValue()).stream()
                    .map(Field::getName)
                    .filter(name -> !FREE.contains(row.getValue().getSimpleName() + "." + name))
                    .collect(toSet());
            privileged.removeAll(Set.of("name", "waves"));

            assertThat(named).as(row.getKey()).isEqualTo(privileged);
        }
    }

    /** Another value than the present one, as the form may send it. */
    private static Object another(Field field, Object before) {
        Class<?> type = field.getType();
        if (type == boolean.class || type == Boolean.class) {
            // Null stands for true, which is the default of those that may be null.
            return before != null && !(boolean) before;
        }
        if (type == int.class || type == Integer.class) {
            return before == null ? 17 : (int) before + 1;
        }
        if (type == long.class) {
            return (long) before + 1;
        }
        if (type == String.class) {
            return "another";
        }
        return switch (field.getName()) {
            case "waves" ->
                field.getDeclaringClass() == RepositoryDefinition.class
                        ? List.of(new WaveDefinition("another"))
                        : List.of("another");
            case "notifications" -> List.of(new NotificationDefinition("https://hooks.example.com", "another"));
            case "signatures" -> new SignaturesDefinition(List.of("another"), List.of("another"));
            case "appRepository" -> new AppRepositoryDefinition("github", "acme/another");
            case "signing" -> new SigningDefinition("another");
            case "generator" -> new GeneratorDefinition("another");
            case "verifications" -> List.of(new VerificationDefinition("another"));
            case "gates" -> List.of(new GateDefinition("another", "https://incidents.example.com/"));
            case "approvals" -> {
                var two = new ApprovalsDefinition();
                two.setCount(2);
                yield two;
            }
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
                .as("but the address and token of a forge, which a test of the connection uses alone")
                .allMatch(setting -> setting.subject().startsWith("address and credentials of the "));
    }

    @Test
    void aGateIsNeitherLoosenedNorTakenOut() {
        wave.setVerifications(List.of());
        wave.setApprovals(null);
        wave.setGates(List.of());
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

        assertThat(subjects.stream().filter(subject -> !subject.startsWith("address and credentials of the ")))
                .allMatch(subject -> Stream.of("repository cfg-app", "server main", "cluster main", "registry")
                        .anyMatch(subject::contains));
        assertThat(subjects).anyMatch(subject -> subject.contains("promotionJob"));
        assertThat(subjects)
                .anyMatch(subject -> subject.contains("credentials"))
                .anyMatch(subject -> subject.contains("imagesSecretId"))
                .anyMatch(subject -> subject.contains("allowedJobs"))
                .anyMatch(subject -> subject.contains("mergeWithoutChecks"));
    }
}
