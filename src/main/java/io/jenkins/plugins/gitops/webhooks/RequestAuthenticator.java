package io.jenkins.plugins.gitops.webhooks;

import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.SecretScopeConflicts;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.configuration.base.SharedSecret;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.logging.Logger;

/**
 * Accepts only requests whose sender proves that it knows a secret of the repository. All others get the same answer,
 * after the same work, whether or not the repository exists and has a secret. A request without a proof, or with a
 * wrong secret, is refused before its body is read.
 */
final class RequestAuthenticator {

    private static final Logger LOGGER = Logger.getLogger(EndpointRouter.class.getName());

    /** An id that no secret has: Jenkins allows no blanks. */
    private static final String NO_ID = "no secret";

    private final RequestBodyReader bodies;
    private final Function<String, Optional<SharedSecret>> secrets;

    /** The repositories and scopes for which a refusal was logged, so that it is logged once. */
    private final Set<String> loggedScopes = ConcurrentHashMap.newKeySet();

    /**
     * Creates the authenticator.
     *
     * @param secrets finds a stored secret by its id
     */
    RequestAuthenticator(RequestBodyReader bodies, Function<String, Optional<SharedSecret>> secrets) {
        this.bodies = bodies;
        this.secrets = secrets;
    }

    /**
     * A request whose sender is authenticated, with its body.
     *
     * @param signature the signature of the request, if that is what proved the sender
     */
    record AuthenticatedRequest(
            RepositoryDefinition repository, RequestBodyReader.Body body, Optional<RequestSignature> signature) {}

    /**
     * Verifies the sender of a request and reads its body.
     *
     * @param name of the repository
     * @param scope the scope of the secret that the sender must prove
     * @throws HttpRejection 401 without a proof, 403 for a wrong one, and as {@link RequestBodyReader#read} does
     */
    AuthenticatedRequest authenticate(
            String name, SecretScope scope, SignatureScheme scheme, WebRequest request, RequestBodyReader.Limit limit)
            throws HttpRejection {
        Optional<RepositoryDefinition> repository =
                GitOpsWavesConfiguration.get().findRepository(name);
        SharedSecret secret = secret(repository, scope);
        Optional<RequestProof> proof = scheme.proof(secret, request);
        if (proof.isEmpty() || proof.get().isWrongWithoutBody()) {
            throw refusal(scheme, proof.isEmpty());
        }
        RequestBodyReader.Receiver signed = scheme.signedPart(request, proof.get()::update);
        RequestBodyReader.Body body = bodies.read(request, limit, signed);
        if (!proof.get().verify() || repository.isEmpty()) {
            throw refusal(scheme, false);
        }
        checkPurpose(repository.get(), scope, secret);
        return switch (proof.get().kind()) {
            case REQUEST_SIGNATURE ->
                new AuthenticatedRequest(repository.get(), body, Optional.of(timelySignature(request)));
            case BODY_SIGNATURE -> {
                if (scheme == SignatureScheme.REQUEST) {
                    checkBodySignature(repository.get(), scope, request);
                }
                yield new AuthenticatedRequest(repository.get(), body, Optional.empty());
            }
            case SECRET -> new AuthenticatedRequest(repository.get(), body, Optional.empty());
        };
    }

    private static HttpRejection refusal(SignatureScheme scheme, boolean missing) {
        WebResponse refusal = WebResponse.sentence(
                missing ? 401 : 403, "This needs the secret of the repository: " + scheme.description() + ".");
        return new HttpRejection(missing ? refusal.with(Map.of("WWW-Authenticate", "Bearer")) : refusal);
    }

    /**
     * Refuses a secret that is also that of another scope, since stored secrets can change after the configuration was
     * checked.
     */
    private void checkPurpose(RepositoryDefinition repository, SecretScope scope, SharedSecret secret)
            throws HttpRejection {
        if (SecretScopeConflicts.servesAnother(scope, secret)) {
            if (loggedScopes.add(repository.getName() + "/" + scope + "/shared")) {
                LOGGER.warning("A request to the repository " + repository.getName()
                        + " is refused, as all of its kind will be: the secret of its " + scope.field()
                        + " is that of another purpose too; use a secret for each.");
            }
            throw new HttpRejection(
                    403,
                    "The secret serves two purposes here, so it proves neither; an administrator has to give each a"
                            + " secret of its own.");
        }
    }

    private static RequestSignature timelySignature(WebRequest request) throws HttpRejection {
        RequestSignature signature = RequestSignature.of(request);
        if (!signature.isTimely(DriverRegistry.get().clock().instant())) {
            throw new HttpRejection(
                    403,
                    "The webhook-timestamp is more than " + RequestSignature.TOLERANCE.toMinutes()
                            + " minutes from the time here; sign the request when it is sent, by a clock that "
                            + "is right.");
        }
        String key = SignatureScheme.firstHeader(request, "Idempotency-Key");
        if (key != null && !key.equals(signature.id())) {
            throw new HttpRejection(
                    400, "The Idempotency-Key is not signed; leave it out, or make it equal to the webhook-id.");
        }
        return signature;
    }

    private static void checkBodySignature(RepositoryDefinition repository, SecretScope scope, WebRequest request)
            throws HttpRejection {
        if (scope != SecretScope.IMAGES || !repository.isAllowBodySignatures()) {
            throw new HttpRejection(
                    403,
                    "A signature of the body alone is not taken here, since it could be sent again at any time; send a"
                            + " webhook-signature of the whole request.");
        }
        String query = request.query();
        if (query != null && !query.isEmpty() || SignatureScheme.firstHeader(request, "Idempotency-Key") != null) {
            throw new HttpRejection(
                    403,
                    "A signature of the body alone does not cover the query and the Idempotency-Key; leave them out, or"
                            + " send a webhook-signature of the whole request.");
        }
    }

    /** Refuses a body that is declared as something else than JSON, with 415. Without a declaration JSON is assumed. */
    static void requireJson(WebRequest request) throws HttpRejection {
        String type = request.header("Content-Type");
        if (type != null && !type.strip().toLowerCase(Locale.ROOT).matches("application/json( *;.*)?")) {
            throw new HttpRejection(415, "This takes application/json only; set the content type to that.");
        }
    }

    /** The secret of a repository. One is looked up in any case, since that takes time that could be measured. */
    private SharedSecret secret(Optional<RepositoryDefinition> repository, SecretScope scope) {
        List<RepositoryDefinition> all = GitOpsWavesConfiguration.get().getRepositories();
        Optional<String> id = repository
                .or(() -> all.stream().findFirst())
                .flatMap(any -> any.credentials().secretId(scope));
        Optional<SharedSecret> found = secrets.apply(id.orElse(NO_ID));
        if (repository.isPresent() && found.isEmpty()) {
            logMissing(repository.get().getName(), scope, id);
        }
        return repository.flatMap(known -> found).orElse(SharedSecret.UNKNOWN);
    }

    private void logMissing(String name, SecretScope scope, Optional<String> id) {
        if (loggedScopes.add(name + "/" + scope)) {
            LOGGER.warning("A request to the repository " + name + " is refused, as all of its kind will be: "
                    + id.map(known ->
                                    "there is no secret text with the id of its " + scope.field() + ", " + known + ".")
                            .orElse("its " + scope.field() + " is not set."));
        }
    }
}
