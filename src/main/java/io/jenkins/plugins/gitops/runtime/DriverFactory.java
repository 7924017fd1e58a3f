package io.jenkins.plugins.gitops.runtime;

import io.jenkins.plugins.gitops.ci.CheckWatch;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.ci.StatusSource;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.CheckSource;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.driver.Driver;
import io.jenkins.plugins.gitops.driver.DriverLoop;
import io.jenkins.plugins.gitops.flux.TargetLookup;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.registry.SignaturePolicy;
import io.jenkins.plugins.gitops.registry.SignatureWatch;
import io.jenkins.plugins.gitops.runtime.clones.CloneOpener;
import io.jenkins.plugins.gitops.runtime.executors.PluginExecutors;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import jenkins.model.Jenkins;

/** Makes drivers of configured repositories, with their clones, check sources and Argo CD servers. */
final class DriverFactory {

    private final Clock clock;
    private final PluginExecutors executors;

    DriverFactory(Clock clock, PluginExecutors executors) {
        this.clock = clock;
        this.executors = executors;
    }

    /**
     * Creates the driver of a repository. It runs no round, and opens no clone, until it is woken.
     *
     * @throws IllegalArgumentException if the definition is not valid
     * @throws RepoUnavailable if the address is malformed, or the driver cannot be created for another reason
     */
    DriverLoop create(RepositoryDefinition repository) throws RepoUnavailable {
        try {
            return open(repository);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new RepoUnavailable(
                    "The driver of the repository " + repository.getName() + " cannot be started: " + e
                            + ". Jenkins' log has the details.",
                    e);
        }
    }

    private DriverLoop open(RepositoryDefinition repository) throws RepoUnavailable {
        RepositorySettings settings = repository.toSettings();
        Path folder =
                Jenkins.get().getRootDir().toPath().resolve("gitops-waves").resolve(settings.name() + ".git");
        ConfigRepoClone clone = CloneOpener.create(repository, folder, executors);
        Driver driver = new Driver(
                settings,
                clone,
                new TargetLookup(ArgoCdWatchRegistry.get(), ClusterWatchRegistry.get()),
                checks(repository, settings),
                clock,
                identity());
        driver.setGates(question -> DriverRegistry.get().gates().of(question));
        if (settings.signatures().equals(SignaturePolicy.NONE)) {
            return loop(driver);
        }
        var signatures = new SignatureWatch(settings.signatures(), RegistryAccess.get()::findSignature, clock);
        driver.setSignatures(signatures);
        DriverLoop loop = loop(driver);
        signatures.onAnswer(loop::wake);
        return loop;
    }

    private DriverLoop loop(Driver driver) {
        return new DriverLoop(driver, clock, executors.timer(), executors.rounds(), executors.callbacks());
    }

    private CheckWatch checks(RepositoryDefinition repository, RepositorySettings settings) {
        List<StatusSource> sources = repository.getChecks().stream()
                .flatMap(source -> StatusSourceFactory.open(source, boundChecks(source, settings)).stream())
                .toList();
        CheckWatch.PollingPace pace =
                new CheckWatch.PollingPace(settings.pollInterval(), settings.missingChecksAfter());
        return new CheckWatch(sources, settings.requiredChecks(), pace, clock, executors.timer());
    }

    private static List<RequiredCheck> boundChecks(CheckSource source, RepositorySettings settings) {
        return settings.requiredChecks().stream()
                .filter(check -> check.source().equals(source.name()))
                .toList();
    }

    /** The name of this controller in the commits and notes that it writes. */
    static String identity() {
        String url = Jenkins.get().getRootUrl();
        return url == null ? "Jenkins" : url;
    }
}
