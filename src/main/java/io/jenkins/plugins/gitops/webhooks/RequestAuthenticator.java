package io.jenkins.plugins.gitops.webhooks;

import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;

/**
 * Accepts only requests whose sender proves that it knows a secret of the repository. All others get the same answer
 * whether or not the repository exists and has a secret.
 */
final class RequestAuthenticator {

    private static final Logger LOGGER = Logger.getLogger(EndpointRouter.class.getName());

    private final RequestBodyReader bodies;

    /** The repositories and scopes for which a refusal was logged, so that it is logged once. */
    private final Set<String> loggedScopes = ConcurrentHashMap.newKeySet();

    RequestAuthenticator(RequestBodyReader bodies) {
        this.bodies = bodies;
    }

    /** A request whose sender is authenticated, with its body. */
    record AuthenticatedRequest(RepositoryDefinition repository, byte[] body) {}

    /**
     * Reads the body of a request and verifies its sender.
     *
     * @param name of the repository
     * @param scope what the sender wants to do
     * @param maxBytes the largest body in bytes, a multiple of 1 KiB
     * @throws HttpRejection 401 without a signature, 403 for a wrong one, and as {@link RequestBodyReader#read} does
     */
    AuthenticatedRequest authenticate(
            String name, SecretScope scope, SignatureScheme scheme, WebRequest request, int maxBytes)
            throws HttpRejection {
        byte[] body = bodies.read(request, maxBytes);
        Optional<RepositoryDefinition> repository =
                GitOpsWavesConfiguration.get().findRepository(name);
        SharedSecret secret = repository.map(known -> secret(known, scope)).orElse(SharedSecret.UNKNOWN);
        SignatureScheme.Verification verification = scheme.verify(secret, request, body);
        if (repository.isEmpty() || verification != SignatureScheme.Verification.VALID) {
            boolean missing = verification == SignatureScheme.Verification.MISSING;
            WebResponse refusal = WebResponse.sentence(
                    missing ? 401 : 403, "This needs the secret of the repository: " + scheme.description() + ".");
            throw new HttpRejection(missing ? refusal.with(Map.of("WWW-Authenticate", "Bearer")) : refusal);
        }
        return new AuthenticatedRequest(repository.get(), body);
    }

    /** Refuses a body that is declared as something else than JSON, with 415. Without a declaration JSON is assumed. */
    static void requireJson(WebRequest request) throws HttpRejection {
        String type = request.header("Content-Type");
        if (type != null && !type.strip().toLowerCase(Locale.ROOT).matches("application/json( *;.*)?")) {
            throw new HttpRejection(415, "This takes application/json only; set the content type to that.");
        }
    }

    private SharedSecret secret(RepositoryDefinition repository, SecretScope scope) {
        Optional<String> id = repository.credentials().secretId(scope);
        return id.flatMap(SharedSecret::find).orElseGet(() -> {
            String name = repository.getName();
            if (loggedScopes.add(name + "/" + scope)) {
                LOGGER.warning("A request to the repository " + name + " is refused, as all of its kind will be: "
                        + id.map(known -> "there is no secret text with the id of its " + scope.field() + ", " + known
                                        + ".")
                                .orElse("its " + scope.field() + " is not set."));
            }
            return SharedSecret.UNKNOWN;
        });
    }
}
