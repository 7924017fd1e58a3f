package io.jenkins.plugins.gitops.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.configuration.checks.BitbucketCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GitHubCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GitLabCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GiteaCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.JenkinsJobCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.ReportedCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.kohsuke.stapler.DataBoundSetter;

/** Every field, with what nobody should write into it. */
@Tag("sandbox")
class ConfigurationFieldsTest {

    private static final String HUGE = "x".repeat(100_000);

    private static final List<String> HOSTILE = Arrays.asList(
            null,
            "",
            " ",
            HUGE,
            "<script>alert(1)</script>",
            "a\0b",
            "a\nb: c",
            "../../etc/passwd",
            "-f",
            "${HOME}",
            "https://bot:hunter2@git.example.com",
            "\u202e\ud83d\ude00",
            "99999999999999999999d",
            "999999999999999d");

    @BeforeEach
    void needsAHome() {
        assumeTrue(Jenkins.getInstanceOrNull() != null, "runs on the Jenkins types of the sandbox");
    }

    static Stream<Arguments> fields() {
        return Stream.of(RepositoryDefinition.class, WaveDefinition.class, RequiredCheckDefinition.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> method.isAnnotationPresent(DataBoundSetter.class))
                .filter(method -> method.getParameterTypes()[0] == String.class
                        || method.getGenericParameterTypes()[0]
                                .getTypeName()
                                .equals("java.util.List<java.lang.String>"))
                .map(method -> Arguments.of(
                        method.getDeclaringClass().getSimpleName() + " "
                                + method.getName().substring(3),
                        method));
    }

    /** It is taken, or refused with a sentence that names repository and field and gives no password away. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void takesOrRefusesAnything(String name, Method setter) throws Exception {
        String field = setter.getName().substring(3, 4).toLowerCase(Locale.ROOT)
                + setter.getName().substring(4);
        for (String value : HOSTILE) {
            var repository = new RepositoryDefinition("cfg-app", "https://git.example.com/acme/cfg-app.git");
            repository.setAllJobs(true);
            var check = new RequiredCheckDefinition("ci/check");
            var wave = new WaveDefinition("internal");
            wave.setPromotesFrom("staging");
            wave.setArgoServer("main");
            wave.setSelector("wave=internal");
            Object target = Stream.of(repository, check, wave)
                    .filter(setter.getDeclaringClass()::isInstance)
                    .findFirst()
                    .orElseThrow();
            setter.invoke(
                    target,
                    setter.getParameterTypes()[0] == List.class
                            ? value == null ? null : Collections.singletonList(value)
                            : value);
            repository.setChecks(List.of(new ReportedCheckSource()));
            repository.setRequiredChecks(List.of(check));
            repository.setWaves(List.of(new WaveDefinition("staging"), wave));
            try {
                repository.toSettings();
            } catch (IllegalArgumentException e) {
                assertThat(e)
                        .as(field + " " + value)
                        .hasMessageStartingWith("Repository cfg-app: ")
                        .hasMessageContaining(field.equals("source") ? "requiredChecks" : field)
                        .hasMessageNotContainingAny("\0", "\n");
                assertThat(e.getMessage().length()).as(field).isLessThan(2000);
            }
        }
    }

    static Stream<Arguments> checks() {
        return Stream.<Descriptor<?>>of(
                        new RepositoryDescriptor(),
                        new WaveDescriptor(),
                        new WindowDefinition.DescriptorImpl(),
                        new RequiredCheckDefinition.DescriptorImpl(),
                        new ArgoCdServerDefinition.DescriptorImpl(),
                        new RegistryDefinition.DescriptorImpl(),
                        new GitHubCheckSource.DescriptorImpl(),
                        new GitLabCheckSource.DescriptorImpl(),
                        new GiteaCheckSource.DescriptorImpl(),
                        new BitbucketCheckSource.DescriptorImpl(),
                        new JenkinsJobCheckSource.DescriptorImpl())
                .flatMap(form -> Arrays.stream(form.getClass().getMethods())
                        .filter(method -> method.getName().startsWith("doCheck"))
                        .map(method ->
                                Arguments.of(form.clazz.getSimpleName() + " " + method.getName(), form, method)));
    }

    /** The form says what is wrong, whatever is written. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("checks")
    void theFormAnswersToAnything(String name, Descriptor<?> form, Method check) throws Exception {
        for (String value : HOSTILE) {
            Object[] arguments = Arrays.stream(check.getParameterTypes())
                    .map(type -> type == boolean.class ? (Object) false : value)
                    .toArray();

            FormValidation said = (FormValidation) check.invoke(form, arguments);

            assertThat(said.kind).isNotNull();
            if (said.getMessage() != null) {
                assertThat(said.getMessage().length()).isLessThan(2000);
                if (check.getName().endsWith("Url")) {
                    assertThat(said).hasMessageNotContaining("hunter2");
                }
            }
        }
    }
}
