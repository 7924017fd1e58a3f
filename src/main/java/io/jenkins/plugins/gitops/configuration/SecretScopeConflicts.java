package io.jenkins.plugins.gitops.configuration;

import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.configuration.base.SharedSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Finds secrets that would serve two purposes: who may announce images to one repository could report checks to it, or
 * to another. Secrets are compared by their texts, whatever their ids. Repositories may share a secret for one purpose.
 */
@Restricted(NoExternalUse.class)
public final class SecretScopeConflicts {

    /** A secret that a repository names for a purpose. */
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

    /** A sentence for each two purposes that one secret would serve; secrets that are not stored are passed over. */
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

    /** Whether a secret that is used for one purpose would prove another one, of any configured repository. */
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
