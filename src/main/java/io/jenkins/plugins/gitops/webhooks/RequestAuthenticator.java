package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.SecretScope;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;

/**
 * Lets in only who knows the secret of a repository. Who has not proved that is answered alike whether or not there is
 * such a repository, and whether or not it has a secret.
 */
final class RequestAuthenticator {

    private static final Logger LOGGER = Logger.getLogger(EndpointRouter.class.getName());

    private final RequestBodyReader bodies;

    /** Repository and scope of the requests whose refusal is in the log already. */
    private final Set<String> loggedScopes = ConcurrentHashMap.newKeySet();

    RequestAuthenticator(RequestBodyReader bodies) {
        this.bodies = bodies;
    }

    /** What was let in. */
    record Admitted(RepositoryDefinition repository, byte[] body) {}

    /**
     * Reads the body of a request and looks at its proof.
     *
     * @param name of the repository
     * @param maxBytes a multiple of 1 KiB
     */
    Admitted admit(String name, SecretScope purpose, SignatureScheme proof, WebRequest request, int maxBytes) throws HttpRejection {
        byte[] body = bodies.read(request, maxBytes);
        RepositoryDefinition repository = repository(name);
        SharedSecret secret = repository == null ? SharedSecret.UNKNOWN : secret(repository, purpose);
        SignatureScheme.Result result = proof.of(secret, request, body);
        if (repository == null || result != SignatureScheme.Result.RIGHT) {
            WebResponse refusal = WebResponse.sentence(
                    result == SignatureScheme.Result.MISSING ? 401 : 403,
                    "This needs the secret of the repository: " + proof.words() + ".");
            throw new HttpRejection(
                    result == SignatureScheme.Result.MISSING ? refusal.with(Map.of("WWW-Authenticate", "Bearer")) : refusal);
        }
        return new Admitted(repository, body);
    }

    /** Refuses what says that it is no JSON. What says nothing is taken at its word. */
    static void needJson(WebRequest request) throws HttpRejection {
        String type = request.header("Content-Type");
        if (type != null && !type.strip().toLowerCase(Locale.ROOT).matches("application/json( *;.*)?")) {
            throw new HttpRejection(415, "This takes application/json only; set the content type to that.");
        }
    }

    @CheckForNull
    static RepositoryDefinition repository(@Nullable String name) {
        return GitOpsWavesConfiguration.get().getRepositories().stream()
                .filter(repository -> Objects.equals(repository.getName(), name))
                .findFirst()
                .orElse(null);
    }

    private SharedSecret secret(RepositoryDefinition repository, SecretScope scope) {
        Optional<String> id = scope.credentialsId(repository);
        return id.flatMap(SharedSecret::find).orElseGet(() -> {
            String name = repository.getName();
            if (loggedScopes.add(name + "/" + scope)) {
                LOGGER.warning("A request to the repository " + name + " is refused, as all of its kind will be: "
                        + id.map(known -> "there is no secret text with the id of its " + scope.field() + ", " + known + ".")
                                .orElse("its " + scope.field() + " is not set."));
            }
            return SharedSecret.UNKNOWN;
        });
    }
}
