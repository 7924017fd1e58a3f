package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import io.jenkins.plugins.gitops.configuration.base.PrivilegedSetting;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import io.jenkins.plugins.gitops.configuration.checks.AppRepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.CheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.configuration.gates.ApprovalsDefinition;
import io.jenkins.plugins.gitops.configuration.gates.GateDefinition;
import io.jenkins.plugins.gitops.configuration.repository.SignaturesDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The parts of a repository that only administrators may add or change. Each setting includes the name of the
 * repository, so that a secret or a permission of one repository does not count for another.
 */
record RepositoryPrivileges(RepositoryDefinition repository) {

    Stream<PrivilegedSetting> all() {
        return Stream.of(
                        connection(),
                        secrets(),
                        jobs(),
                        folder(),
                        merging(),
                        generator(),
                        waves(),
                        signers(),
                        receivers(),
                        application())
                .flatMap(each -> each);
    }

    /** The address to which the credentials are sent, and the refs that are pushed with them. */
    Stream<PrivilegedSetting> connection() {
        return Stream.of(PrivilegedSetting.of(
                "address, credentials and branches" + ofRepository(),
                repository.getUrl(),
                repository.getCredentialsId(),
                repository.isAllowInsecure(),
                repository.getMainBranch(),
                repository.getAutoBranch(),
                repository.getStateRef()));
    }

    /** The stored secrets that authenticate senders, and the relaxations of that authentication. */
    private Stream<PrivilegedSetting> secrets() {
        Stream<PrivilegedSetting> secrets = Arrays.stream(SecretScope.values())
                .flatMap(scope -> repository
                        .credentials()
                        .secretId(scope)
                        .map(id -> PrivilegedSetting.of(scope.field() + ofRepository(), id))
                        .stream());
        return Stream.concat(
                secrets,
                Stream.of(PrivilegedSetting.of(
                        "allowBodySignatures and maxOrderStep" + ofRepository(),
                        repository.isAllowBodySignatures(),
                        repository.getMaxOrderStep())));
    }

    private Stream<PrivilegedSetting> jobs() {
        return Stream.of(PrivilegedSetting.of(
                "allowedJobs and allJobs" + ofRepository(), repository.isAllJobs(), repository.getAllowedJobs()));
    }

    /** The folder whose permissions count; whoever configures that grants them. */
    private Stream<PrivilegedSetting> folder() {
        return Optional.ofNullable(repository.getFolder())
                .map(folder -> PrivilegedSetting.of("folder" + ofRepository(), folder))
                .stream();
    }

    /** The requirements for merging a commit. */
    private Stream<PrivilegedSetting> merging() {
        List<List<Object>> required = repository.getRequiredChecks().stream()
                .map(RequiredCheckDefinition::identity)
                .toList();
        List<List<Object>> sources =
                repository.getChecks().stream().map(CheckSource::identity).toList();
        return Stream.concat(
                Stream.of(PrivilegedSetting.of(
                        "checks, requiredChecks and mergeWithoutChecks" + ofRepository(),
                        sources,
                        required,
                        repository.isMergeWithoutChecks())),
                repository.getChecks().stream().flatMap(CheckSource::privilegedSettings));
    }

    /**
     * The path of each wave, its jobs, gates and targets. Without waves there are those
     * of a default.
     */
    private Stream<PrivilegedSetting> waves() {
        return repository.getWaves().isEmpty()
                ? Stream.of(PrivilegedSetting.of("the default waves" + ofRepository()))
                : repository.getWaves().stream()
                        .flatMap(wave -> Stream.concat(Stream.of(guards(wave)), promotionJob(wave)));
    }

    private PrivilegedSetting guards(WaveDefinition wave) {
        return PrivilegedSetting.of(
                "allowedJobs, path, gates and targets of the wave " + wave.getName() + ofRepository(),
                Util.fixNull(wave.getImagesPath()),
                wave.getAllowedJobs(),
                wave.getArgoServer(),
                wave.getApplications(),
                wave.getSelector(),
                wave.getFluxCluster(),
                wave.getKustomizations(),
                wave.getHelmReleases(),
                wave.getPromotesFrom(),
                wave.getFrom(),
                wave.isDirectCommits(),
                wave.getSoak(),
                wave.getRequire(),
                wave.isAcceptSuspended(),
                wave.getWindows().stream()
                        .map(window -> Arrays.asList(window.getCron(), window.getDuration(), window.getTimezone()))
                        .toList(),
                wave.getVerifications().stream()
                        .map(each -> Arrays.asList(
                                each.getName(),
                                each.getJob(),
                                each.getTimeout(),
                                each.getRetries(),
                                each.getOnFailure()))
                        .toList(),
                approvals(wave),
                wave.getGates().stream().map(GateDefinition::identity).toList());
    }

    /** The key that signs what is pushed, and whose commits and images count. */
    private Stream<PrivilegedSetting> signers() {
        Stream<PrivilegedSetting> key = repository.credentials().signingKeyId().stream()
                .map(id -> PrivilegedSetting.of("signing" + ofRepository(), id));
        SignaturesDefinition signatures = repository.getSignatures();
        return Stream.concat(
                key,
                Stream.of(
                        PrivilegedSetting.of("trustedSigners" + ofRepository(), repository.getTrustedSigners()),
                        PrivilegedSetting.of(
                                "signatures" + ofRepository(),
                                signatures == null ? List.of() : signatures.getPublicKeys(),
                                signatures == null ? List.of() : signatures.getRequire())));
    }

    private static List<Object> approvals(WaveDefinition wave) {
        ApprovalsDefinition approvals = wave.getApprovals();
        return approvals == null
                ? List.of()
                : List.of(approvals.getCount(), approvals.getFrom(), approvals.isNotAuthor());
    }

    /** The forge that is asked for the commits of the application. */
    private Stream<PrivilegedSetting> application() {
        AppRepositoryDefinition application = repository.getAppRepository();
        return application == null
                ? Stream.empty()
                : Stream.of(
                        PrivilegedSetting.of("appRepository" + ofRepository(), application.privilegedSetting()),
                        application.privilegedSetting());
    }

    /** Who is told what happens. */
    private Stream<PrivilegedSetting> receivers() {
        return repository.getNotifications().stream()
                .map(notification -> PrivilegedSetting.of(
                        "notifications" + ofRepository(),
                        notification.identity().toArray()));
    }

    private Stream<PrivilegedSetting> generator() {
        GeneratorDefinition generator = repository.getGenerator();
        return startedJob(
                generator == null ? null : generator.getJob(),
                "the job of a generator that you may not build," + ofRepository());
    }

    private Stream<PrivilegedSetting> promotionJob(WaveDefinition wave) {
        return startedJob(
                wave.getPromotionJob(),
                "a promotionJob that you may not build, of the wave " + wave.getName() + ofRepository());
    }

    /** Empty where the user may build the job anyway. A job that the user may not see does not exist for the user. */
    private static Stream<PrivilegedSetting> startedJob(@CheckForNull String name, String what) {
        if (name == null) {
            return Stream.empty();
        }
        return VisibleItems.find(name, Job.class)
                        .filter(job -> job.hasPermission(Item.BUILD))
                        .isPresent()
                ? Stream.empty()
                : Stream.of(PrivilegedSetting.of(what, name));
    }

    private String ofRepository() {
        return " of the repository " + repository.getName();
    }
}
