package io.jenkins.plugins.gitops.configuration;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.configuration.base.SharedSecret;
import io.jenkins.plugins.gitops.configuration.checks.CheckSource;
import io.jenkins.plugins.gitops.configuration.checks.ForgeCheckSource;
import io.jenkins.plugins.gitops.configuration.gates.GateDefinition;
import io.jenkins.plugins.gitops.configuration.repository.NotificationDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Finds secrets that would authenticate senders for two scopes: a sender that may announce images to one repository
 * could also report checks to this or another one. A secret that this controller sends, or that a receiver of its
 * webhooks knows, authenticates no sender either, since that other system could send what it likes. Secrets are compared
 * by id and by what they prove. Repositories may share a secret for the same scope, and other systems may be sent the same.
 */
@Restricted(NoExternalUse.class)
public final class SecretScopeConflicts {

    /**
     * A place of the configuration that names a secret.
     *
     * @param scope what the secret authorises senders to do; null where it is known to another system
     * @param fingerprints of the stored secrets
     */
    private record Use(@CheckForNull SecretScope scope, String name, String id, Set<String> fingerprints) {

        boolean conflictsWith(Use other) {
            return scope != other.scope && (id.equals(other.id) || hasAnyOf(other.fingerprints));
        }

        boolean hasAnyOf(Set<String> others) {
            return !Collections.disjoint(fingerprints, others);
        }
    }

    private static Set<String> fingerprints(List<SharedSecret> secrets) {
        return secrets.stream()
                .flatMap(secret -> secret.fingerprints().stream())
                .collect(Collectors.toSet());
    }

    /**
     * The secrets of the saved configuration, which are looked up once and not for each request: a store of credentials
     * may be slow. What is saved in Jenkins applies at once; stores of other systems tell nothing, so that these are
     * asked again after a while.
     */
    @Extension
    public static final class SavedScopes extends SaveableListener {

        private static final Duration KEPT = Duration.ofSeconds(15);

        private final LongSupplier nanoTime;
        private final AtomicLong changes = new AtomicLong();

        @CheckForNull
        private volatile Lookup last;

        private record Lookup(SecretScopeConflicts secrets, long change, long nanos) {}

        public SavedScopes() {
            this(System::nanoTime);
        }

        SavedScopes(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        @Override
        public void onChange(Saveable saved, @Nullable XmlFile file) {
            if (saved instanceof SystemCredentialsProvider || saved instanceof GitOpsWavesConfiguration) {
                changes.incrementAndGet();
            }
        }

        boolean anyHas(SharedSecret secret, Predicate<SecretScope> scope) {
            Set<String> fingerprints = secret.fingerprints();
            return secrets().uses.stream().anyMatch(use -> scope.test(use.scope()) && use.hasAnyOf(fingerprints));
        }

        private SecretScopeConflicts secrets() {
            // Read before the look-up: a change meanwhile makes what was looked up old.
            long change = changes.get();
            long now = nanoTime.getAsLong();
            Lookup known = last;
            if (known == null || known.change() != change || now - known.nanos() > KEPT.toNanos()) {
                known = new Lookup(saved(), change, now);
                last = known;
            }
            return known.secrets();
        }
    }

    private final List<Use> uses = new ArrayList<>();

    /** Looks up the secrets that these parts of a configuration name. */
    SecretScopeConflicts(
            List<RepositoryDefinition> repositories,
            List<ArgoCdServerDefinition> argoServers,
            List<ClusterDefinition> clusters,
            List<RegistryDefinition> registries) {
        repositories.forEach(this::addSecretsOf);
        for (ArgoCdServerDefinition server : argoServers) {
            addSent("credentialsId of the Argo CD server " + server.getName(), server.getCredentialsId());
        }
        for (ClusterDefinition cluster : clusters) {
            addSent(
                    "credentialsId of the cluster " + cluster.getName(),
                    cluster.getCredentialsId(),
                    id -> Stream.concat(SharedSecret.findSent(id).stream(), cluster.sentSecrets().stream())
                            .toList());
        }
        for (RegistryDefinition registry : registries) {
            addSent("credentialsId of the registry " + registry.getUrl(), registry.getCredentialsId());
        }
    }

    private static SecretScopeConflicts saved() {
        var configuration = GitOpsWavesConfiguration.get();
        return new SecretScopeConflicts(
                configuration.getRepositories(),
                configuration.getArgoServers(),
                configuration.getClusters(),
                configuration.getRegistries());
    }

    private void addSecretsOf(RepositoryDefinition repository) {
        String of = " of the repository " + repository.getName();
        for (SecretScope scope : SecretScope.values()) {
            repository
                    .credentials()
                    .secretId(scope)
                    .ifPresent(id -> uses.add(new Use(
                            scope,
                            scope.field() + of,
                            id,
                            fingerprints(SharedSecret.find(id).stream().toList()))));
        }
        addSent("credentialsId" + of, repository.getCredentialsId());
        for (CheckSource source : repository.getChecks()) {
            if (source instanceof ForgeCheckSource forge) {
                addSent("credentialsId of the checks of " + forge.name() + of, forge.getCredentialsId());
            }
        }
        if (repository.getAppRepository() != null) {
            addSent(
                    "credentialsId of appRepository" + of,
                    repository.getAppRepository().getCredentialsId());
        }
        for (NotificationDefinition notification : repository.getNotifications()) {
            addSent("secretId of the notifications" + of, notification.getSecretId());
        }
        for (WaveDefinition wave : repository.getWaves()) {
            for (GateDefinition gate : wave.getGates()) {
                addSent("credentialsId of the gate " + gate.getName() + of, gate.getCredentialsId());
            }
        }
    }

    private void addSent(String name, @Nullable String id) {
        addSent(name, id, SharedSecret::findSent);
    }

    private void addSent(String name, @Nullable String id, Function<String, List<SharedSecret>> secrets) {
        if (id != null) {
            uses.add(new Use(null, name, id, fingerprints(secrets.apply(id))));
        }
    }

    /**
     * A sentence for each pair of settings of different purposes that use the same secret. Secrets that are not stored
     * are compared by their ids only.
     */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < uses.size(); i++) {
            for (Use earlier : uses.subList(0, i)) {
                if (uses.get(i).conflictsWith(earlier)) {
                    sentences.add(earlier.name() + " and " + uses.get(i).name()
                            + " name one secret for two purposes; who knows it for the one could do the other, so use"
                            + " a secret for each.");
                }
            }
        }
        return sentences;
    }

    /**
     * Whether the secret of a scope would also authenticate senders for another scope of any configured repository, or
     * is known to a system that this controller sends it to.
     */
    public static boolean servesAnother(SecretScope scope, SharedSecret secret) {
        return ExtensionList.lookupSingleton(SavedScopes.class).anyHas(secret, other -> other != scope);
    }

    /** Whether a secret authenticates senders, so that no other system may be told it or be sent what it signs. */
    public static boolean authenticatesSenders(SharedSecret secret) {
        return ExtensionList.lookupSingleton(SavedScopes.class).anyHas(secret, Objects::nonNull);
    }
}
