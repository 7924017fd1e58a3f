package io.jenkins.plugins.gitops.runtime;

import hudson.Extension;
import io.jenkins.plugins.gitops.argocd.Application;
import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import io.jenkins.plugins.gitops.ci.forges.ForgeClient;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.configuration.ArgoCdServerDefinition;
import io.jenkins.plugins.gitops.configuration.ClusterDefinition;
import io.jenkins.plugins.gitops.configuration.FormBackend;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.ForgeCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.ForgeProbe;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RequestWithdrawal;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.registry.AuthDiscovery;
import io.jenkins.plugins.gitops.registry.RegistrySettings;
import io.jenkins.plugins.gitops.runtime.clones.CloneOpener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jgit.util.FileUtils;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Answers the buttons of the configuration form with the clients and drivers of this controller. */
@Extension
@Restricted(NoExternalUse.class)
public final class RunningFormBackend extends FormBackend implements ForgeProbe {

    @Override
    public CompletableFuture<ConfigRepoClone.Probed> probeRepository(RepositoryDefinition repository) {
        RepositorySettings settings = repository.toSettings();
        return DriverRegistry.get().executors().servers().supply(settings.url(), () -> probe(repository, settings));
    }

    private static ConfigRepoClone.Probed probe(RepositoryDefinition repository, RepositorySettings settings) {
        try {
            Path folder = Files.createTempDirectory("gitops-waves-test");
            try (ConfigRepoClone clone = CloneOpener.open(repository, folder.resolve("probe.git"))) {
                return clone.probe(settings.refNames());
            } finally {
                FileUtils.delete(folder.toFile(), FileUtils.RECURSIVE | FileUtils.RETRY | FileUtils.IGNORE_ERRORS);
            }
        } catch (RepoUnavailable e) {
            throw new CompletionException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CompletableFuture<List<Application>> listApplications(ArgoCdServerDefinition server) {
        return ArgoCdWatchRegistry.open(server)
                .list()
                .thenApply(listing -> listing.applications().stream()
                        .map(VersionedApplication::application)
                        .toList());
    }

    @Override
    public CompletableFuture<List<Integer>> countFluxObjects(ClusterDefinition cluster) {
        return ClusterWatchRegistry.open(cluster).count();
    }

    @Override
    public CompletableFuture<Void> probe(ForgeCheckSource forge) {
        ForgeClient client = ForgeRegistry.get().open(forge.toSettings(), forge.getCredentialsId());
        return client.checkAccess().whenComplete((seen, failure) -> client.close());
    }

    @Override
    public CompletableFuture<AuthDiscovery> probeRegistry(RegistrySettings registry) {
        return RegistryAccess.get().discoverAuth(registry);
    }

    @Override
    public CompletableFuture<Boolean> acceptMain(String repository, RequestWithdrawal withdrawal) {
        return DriverRegistry.get().submit(repository, new DriverRequest.AcceptMain(), withdrawal);
    }

    @Override
    public CompletableFuture<List<String>> repairState(String repository, String by, RequestWithdrawal withdrawal) {
        return DriverRegistry.get().submit(repository, new DriverRequest.RepairState(by), withdrawal);
    }
}
