package io.jenkins.plugins.gitops.configuration;

import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.configuration.base.SharedSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Finds secrets that would authenticate senders for two scopes: a sender that may announce images to one repository
 * could also report checks to this or another one. Secrets are compared by id and by text. Repositories may share a
 * secret for the same scope.
 */
@Restricted(NoExternalUse.class)
public final class SecretScopeConflicts {

    /** The secret of a repository for a scope. */
    private record Use(RepositoryDefinition repository, SecretScope scope, String id, Optional<SharedSecret> secret) {

        String name() {
            return scope.field() + " of the repository " + repository.getName();
        }

        boolean conflictsWith(Use other) {
            return scope != other.scope
                    && (id.equals(other.id)
                            || secret.isPresent()
                                    && other.secret.isPresent()
                                    && secret.get().isInterchangeableWith(other.secret.get()));
        }
    }

    private SecretScopeConflicts() {}

    /**
     * A sentence for each pair of settings of different scopes that use the same secret. Secrets that are not stored
     * are compared by their ids only.
     */
    static List<String> sentences(List<RepositoryDefinition> repositories) {
        List<Use> uses = uses(repositories);
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < uses.size(); i++) {
            for (Use earlier : uses.subList(0, i)) {
                if (uses.get(i).conflictsWith(earlier)) {
                    sentences.add(earlier.name() + " and " + uses.get(i).name()
                            + " name one secret for two purposes; who may do the one could do the other, so use a"
                            + " secret for each.");
                }
            }
        }
        return sentences;
    }

    /**
     * Whether the secret of a scope would also authenticate senders for another scope of any configured repository.
     */
    public static boolean servesAnother(SecretScope scope, SharedSecret secret) {
        return uses(GitOpsWavesConfiguration.get().getRepositories()).stream()
                .filter(use -> use.scope() != scope)
                .anyMatch(use ->
                        use.secret().filter(secret::isInterchangeableWith).isPresent());
    }

    private static List<Use> uses(List<RepositoryDefinition> repositories) {
        List<Use> uses = new ArrayList<>();
        for (RepositoryDefinition repository : repositories) {
            for (SecretScope scope : SecretScope.values()) {
                repository
                        .credentials()
                        .secretId(scope)
                        .ifPresent(id -> uses.add(new Use(repository, scope, id, SharedSecret.find(id))));
            }
        }
        return uses;
    }
}
