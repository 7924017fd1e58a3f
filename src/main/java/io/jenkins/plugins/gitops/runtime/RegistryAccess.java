package io.jenkins.plugins.gitops.runtime;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.ProxyConfiguration;
import hudson.model.Run;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.JobAuthorization;
import io.jenkins.plugins.gitops.configuration.RegistryDefinition;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageRepositoryName;
import io.jenkins.plugins.gitops.registry.AuthDiscovery;
import io.jenkins.plugins.gitops.registry.ImageQuery;
import io.jenkins.plugins.gitops.registry.ImageResolver;
import io.jenkins.plugins.gitops.registry.ImageSignature;
import io.jenkins.plugins.gitops.registry.RegistryCredentials;
import io.jenkins.plugins.gitops.registry.RegistrySettings;
import io.jenkins.plugins.gitops.registry.ResolvedImage;
import io.jenkins.plugins.gitops.registry.SignaturePolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Resolves images at registries for builds, with the stored credentials that these builds may use. */
@Extension
@Restricted(NoExternalUse.class)
public final class RegistryAccess {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    @CheckForNull
    private ImageResolver resolver;

    /** The one instance of this controller. */
    public static RegistryAccess get() {
        return ExtensionList.lookupSingleton(RegistryAccess.class);
    }

    /** Resolves an image as {@link ImageResolver#resolve} does, with stored credentials that the build may use. */
    public CompletableFuture<ResolvedImage> resolve(
            ImageQuery wanted, Run<?, ?> run, @CheckForNull String credentialsId) {
        try {
            return resolver()
                    .resolve(wanted, credentials(wanted, run, credentialsId))
                    .thenCompose(resolved -> withSignatures(resolved, run));
        } catch (RequestRefused e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Adds a remark for each repository of the job whose waves would not take the image, since it is not signed. */
    private CompletableFuture<ResolvedImage> withSignatures(ResolvedImage resolved, Run<?, ?> run) {
        CompletableFuture<ResolvedImage> all = CompletableFuture.completedFuture(resolved);
        for (RepositoryDefinition repository : GitOpsWavesConfiguration.get().getRepositories()) {
            if (repository.getSignatures() == null
                    || !JobAuthorization.of(repository, run.getParent()).allows(RepositoryPower.READ)) {
                continue;
            }
            SignaturePolicy policy = repository.toSettings().signatures();
            all = all.thenCombine(
                    findSignature(resolved.image(), policy)
                            .exceptionally(failure -> ImageSignature.unknown(Futures.cause(failure))),
                    (before, signature) -> signature.signed()
                            ? before
                            : before.with(before.image().digestReference() + " " + signature.seen() + ". "
                                    + String.join(", ", policy.require()) + " of " + repository.getName()
                                    + " takes signed images only: sign it with cosign before it is to go there."));
        }
        return all;
    }

    /** Looks for a signature as {@link ImageResolver#findSignature} does, with the credentials of the registry. */
    public CompletableFuture<ImageSignature> findSignature(ImageRef image, SignaturePolicy policy) {
        String registry = ImageRepositoryName.of(image.repository()).registry();
        // What is stored may have to be fetched from elsewhere.
        return DriverRegistry.get()
                .executors()
                .servers()
                .supply(settings(registry).url(), () -> ownCredentials(registry))
                .thenCompose(login -> resolver().findSignature(image, policy, login.orElse(null)));
    }

    private static Optional<RegistryCredentials> ownCredentials(String registry) {
        Optional<RegistryDefinition> definition = definition(registry).filter(its -> its.getCredentialsId() != null);
        if (definition.isEmpty()) {
            return Optional.empty();
        }
        String id = definition.get().getCredentialsId();
        StandardUsernamePasswordCredentials found = CredentialsProvider.findCredentialByIdInItemGroup(
                id,
                StandardUsernamePasswordCredentials.class,
                Jenkins.get(),
                ACL.SYSTEM2,
                URIRequirementBuilder.fromUri(settings(registry).url()).build());
        if (found == null) {
            throw new CompletionException(new RequestRefused("there are no credentials \"" + id
                    + "\" with user and password for the registry " + registry
                    + "; an administrator adds them under that id, or corrects credentialsId of the registry."));
        }
        return Optional.of(
                new RegistryCredentials(found.getUsername(), found.getPassword().getPlainText()));
    }

    /** See {@link ImageResolver#discoverAuth}. */
    CompletableFuture<AuthDiscovery> discoverAuth(RegistrySettings settings) {
        return resolver().discoverAuth(settings);
    }

    private synchronized ImageResolver resolver() {
        if (resolver == null) {
            DriverRegistry drivers = DriverRegistry.get();
            resolver = new ImageResolver(
                    ProxyConfiguration.newHttpClientBuilder()
                            .connectTimeout(CONNECT)
                            .build(),
                    drivers.clock(),
                    drivers.executors().timer(),
                    RegistryAccess::settings);
        }
        return resolver;
    }

    /** Whether digests of a repository's images that are known otherwise are compared with those of its registry. */
    public boolean isVerified(String repository) {
        return definition(ImageRepositoryName.of(repository).registry())
                .map(RegistryDefinition::isVerify)
                .orElse(true);
    }

    private static RegistrySettings settings(String registry) {
        return definition(registry).map(RegistryDefinition::toSettings).orElseGet(() -> RegistrySettings.of(registry));
    }

    private static Optional<RegistryDefinition> definition(String registry) {
        return GitOpsWavesConfiguration.get().getRegistries().stream()
                .filter(known -> known.toSettings().registry().equals(registry))
                .findFirst();
    }

    /** The credentials of a build, looked up for each request so that no secret is kept; null without an id. */
    @CheckForNull
    private static RegistryCredentials credentials(ImageQuery wanted, Run<?, ?> run, @CheckForNull String id)
            throws RequestRefused {
        if (id == null) {
            return null;
        }
        String url =
                settings(ImageRepositoryName.of(wanted.repository()).registry()).url();
        StandardUsernamePasswordCredentials found = CredentialsProvider.findCredentialById(
                id,
                StandardUsernamePasswordCredentials.class,
                run,
                URIRequirementBuilder.fromUri(url).build());
        if (found == null) {
            throw new RequestRefused("There are no credentials \"" + id
                    + "\" with user and password that this build may use for " + url
                    + "; add them under that id, or correct credentialsId.");
        }
        CredentialsProvider.track(run, found);
        return new RegistryCredentials(found.getUsername(), found.getPassword().getPlainText());
    }
}
