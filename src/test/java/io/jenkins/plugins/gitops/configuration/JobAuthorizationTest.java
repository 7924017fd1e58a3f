package io.jenkins.plugins.gitops.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower.Extent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every power, for jobs that the repository, the wave, both or none of them name. */
class JobAuthorizationTest {

    private static final String CHECK = "ci/generated";

    /** A repository for acme whose production is for promotion jobs only. */
    private static RepositoryDefinition repository() {
        var repository = new RepositoryDefinition("cfg-app", "https://git.example.com/acme/cfg-app.git");
        repository.setMergeWithoutChecks(true);
        repository.setAllowedJobs(List.of("acme/**"));
        var production = new WaveDefinition("production");
        production.setPromotesFrom("staging");
        production.setAllowedJobs(List.of("acme/promote-*"));
        repository.setWaves(List.of(new WaveDefinition("staging"), production));
        return repository;
    }

    /** The job, and whether it has powers of the repository, of staging, and of production. */
    static Stream<Arguments> jobs() {
        return Stream.of(
                        new Object[] {"acme/promote-production", true, true, true},
                        new Object[] {"acme/app", true, true, false},
                        new Object[] {"acme/folder/app", true, true, false},
                        // A pattern with * does not reach into folders, nor a name into other folders.
                        new Object[] {"acme/folder/promote-production", true, true, false},
                        new Object[] {"acme/promote-production/main", true, true, false},
                        new Object[] {"acme", true, true, false},
                        new Object[] {"other/app", false, false, false},
                        new Object[] {"promote-production", false, false, false},
                        new Object[] {"other/acme/promote-production", false, false, false},
                        // Jobs that were renamed go by their new names.
                        new Object[] {"acme/demote-production", true, true, false},
                        new Object[] {"ACME/promote-production", false, false, false})
                .flatMap(job -> Arrays.stream(RepositoryPower.values())
                        .map(power -> Arguments.of(power, job[0], job[1], job[2], job[3])));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("jobs")
    void aJobHasAPowerWhereTheRepositoryAndTheWaveNameIt(
            RepositoryPower power, String job, boolean ofRepository, boolean ofStaging, boolean ofProduction) {
        var authorization = JobAuthorization.ofJobNamed(repository(), job);

        switch (power.extent()) {
            case REPOSITORY -> assertThat(authorization.allows(power)).isEqualTo(ofRepository);
            case WAVE -> {
                assertThat(authorization.allows(power, "staging")).isEqualTo(ofStaging);
                assertThat(authorization.allows(power, "production")).isEqualTo(ofProduction);
                assertThat(authorization.allows(power, "staging", "production")).isEqualTo(ofProduction);
                assertThat(authorization.waves(power))
                        .isEqualTo(authorization.waves(RepositoryPower.COMMIT))
                        .matches(waves -> waves.contains("production") == ofProduction);
            }
            case EVERY_WAVE -> assertThat(authorization.allows(power)).isEqualTo(ofProduction);
            case CHECK -> {
                assertThat(authorization.refusalOfReport(CHECK, List.of()).isEmpty())
                        .isEqualTo(ofRepository);
                assertThat(authorization.refusalOfReport(CHECK, List.of(job))).isEmpty();
                assertThat(authorization
                                .refusalOfReport(CHECK, List.of("other/ci"))
                                .orElseThrow())
                        .contains(job, CHECK, "cfg-app", "reporters");
            }
            case NO_JOB -> assertThat(authorization.allows(power)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(RepositoryPower.class)
    void aRefusalNamesTheJobTheWaveTheRepositoryAndTheField(RepositoryPower power) {
        if (power.extent() == Extent.WAVE || power.extent() == Extent.EVERY_WAVE) {
            assertThat(JobAuthorization.ofJobNamed(repository(), "acme/app").refusal(power, List.of("production")))
                    .hasValueSatisfying(sentence -> assertThat(sentence)
                            .contains("acme/app", power.verb(), "production", "cfg-app", "the wave's allowedJobs"));
            assertThat(JobAuthorization.ofJobNamed(repository(), "other").refusal(power, List.of("production")))
                    .hasValueSatisfying(sentence ->
                            assertThat(sentence).contains("other", "cfg-app", "the repository's allowedJobs"));
        }
    }

    @Test
    void anyJobUsesARepositoryOnlyIfThatIsSaid() {
        var repository = new RepositoryDefinition("cfg-app", "https://git.example.com/acme/cfg-app.git");
        repository.setMergeWithoutChecks(true);

        assertThat(JobAuthorization.ofJobNamed(repository, "any").allows(RepositoryPower.READ))
                .isFalse();
        assertThatThrownBy(repository::toSettings)
                .hasMessageContainingAll("cfg-app", "allowedJobs: [", "allJobs: true");

        repository.setAllJobs(true);
        assertThat(JobAuthorization.ofJobNamed(repository, "any").allows(RepositoryPower.COMMIT, "staging"))
                .isTrue();
        assertThat(repository.toSettings().name()).isEqualTo("cfg-app");

        repository.setAllowedJobs(List.of("acme/**"));
        assertThat(JobAuthorization.ofJobNamed(repository, "any").allows(RepositoryPower.READ))
                .as("those that are named count")
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme/cfg-app/**", "acme/cfg-app/*", "acme/**", "acme/cfg-app/PR-*", "**/?R-?"})
    void aPullRequestReportsNothingByAPattern(String pattern) {
        var authorization = JobAuthorization.ofJobNamed(repository(), "acme/cfg-app/PR-7");

        assertThat(authorization.refusalOfReport(CHECK, List.of(pattern)))
                .hasValueSatisfying(
                        sentence -> assertThat(sentence).contains("acme/cfg-app/PR-7", "pull request", CHECK));
        assertThat(authorization.refusalOfReport(CHECK, List.of())).isPresent();
        assertThat(authorization.refusalOfReport(CHECK, List.of(pattern, "acme/cfg-app/PR-7")))
                .isEmpty();
        assertThat(JobPatterns.reportersWarning(List.of("acme/ci", pattern)))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains(pattern, "acme/cfg-app/auto*"));
    }

    @Test
    void aPullRequestIsKnownByWhatItBuildsWhateverItsNameIs() {
        assertThat(new JobAuthorization(repository(), "acme/cfg-app/auto", true)
                        .refusalOfReport(CHECK, List.of("acme/cfg-app/auto*")))
                .isPresent();
        assertThat(new JobAuthorization(repository(), "acme/cfg-app/PR-7", false)
                        .refusalOfReport(CHECK, List.of("acme/cfg-app/PR-*")))
                .as("a branch of that name")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"acme/cfg-app/main", "acme/cfg-app/auto*", "acme/*-ci", "acme/**/auto", "acme/cfg-app/PR-7"})
    void aPatternThatNamesBranchesIsNoReasonToWarn(String pattern) {
        assertThat(JobPatterns.reportersWarning(List.of(pattern))).isEmpty();
    }
}
