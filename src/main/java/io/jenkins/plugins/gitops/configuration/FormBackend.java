package io.jenkins.plugins.gitops.configuration;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import io.jenkins.plugins.gitops.argocd.Application;
import io.jenkins.plugins.gitops.delivery.RequestWithdrawal;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.registry.AuthDiscovery;
import io.jenkins.plugins.gitops.registry.RegistrySettings;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Carries out the requests of form buttons to other systems and to the drivers. The package
 * {@code runtime} implements it. Each method returns at once; the future fails with a
 * {@link io.jenkins.plugins.gitops.common.GitOpsException} when the other system cannot be reached or refuses.
 */
@Restricted(NoExternalUse.class)
public abstract class FormBackend implements ExtensionPoint {

    static FormBackend get() {
        return ExtensionList.lookupSingleton(FormBackend.class);
    }

    /** Reads the refs of a config repository and asks its server which of them may be pushed; changes none of them. */
    public abstract CompletableFuture<ConfigRepoClone.Probed> probeRepository(RepositoryDefinition repository);

    /** Lists the applications of an Argo CD server that its token may see. */
    public abstract CompletableFuture<List<Application>> listApplications(ArgoCdServerDefinition server);

    /** Counts the objects of Flux in a cluster: GitRepositories, Kustomizations, HelmReleases. */
    public abstract CompletableFuture<List<Integer>> countFluxObjects(ClusterDefinition cluster);

    /** Asks an image registry which token service it uses. */
    public abstract CompletableFuture<AuthDiscovery> probeRegistry(RegistrySettings registry);

    /**
     * Accepts a rewritten main branch of a saved repository, unless that is withdrawn before; the result is
     * whether it had been rewritten.
     */
    public abstract CompletableFuture<Boolean> acceptMain(String repository, RequestWithdrawal withdrawal);

    /**
     * Repairs the state of a saved repository, unless that is withdrawn before; the result says what could
     * not be used of it.
     */
    public abstract CompletableFuture<List<String>> repairState(
            String repository, String by, RequestWithdrawal withdrawal);
}
