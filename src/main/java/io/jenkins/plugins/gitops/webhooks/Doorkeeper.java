package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.configuration.ConfigRepository;
import io.jenkins.plugins.gitops.configuration.GitOpsWaves;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;

/**
 * Lets in only who knows the secret of a repository. Who has not proved that is answered alike whether or not there is
 * such a repository, and whether or not it has a secret.
 */
final class Doorkeeper {

    private static final Logger LOGGER = Logger.getLogger(Endpoints.class.getName());

    private final Bodies bodies;

    /** Of what the log says already that it is refused. */
    private final Set<String> complainedOf = ConcurrentHashMap.newKeySet();

    Doorkeeper(Bodies bodies) {
        this.bodies = bodies;
    }

    /** What was let in. */
    record Admitted(ConfigRepository repository, byte[] body) {}

    /**
     * Reads the body of a request and looks at its proof.
     *
     * @param name of the repository
     * @param maxBytes a multiple of 1 KiB
     */
    Admitted admit(String name, Purpose purpose, Proof proof, WebRequest request, int maxBytes) throws Rejection {
        byte[] body = bodies.read(request, maxBytes);
        ConfigRepository repository = repository(name);
        SharedSecret secret = repository == null ? SharedSecret.UNKNOWN : secret(repository, purpose);
        Proof.Result result = proof.of(secret, request, body);
        if (repository == null || result != Proof.Result.RIGHT) {
            WebAnswer refusal = WebAnswer.sentence(
                    result == Proof.Result.MISSING ? 401 : 403,
                    "This needs the secret of the repository: " + proof.words() + ".");
            throw new Rejection(
                    result == Proof.Result.MISSING ? refusal.with(Map.of("WWW-Authenticate", "Bearer")) : refusal);
        }
        return new Admitted(repository, body);
    }

    /** Refuses what says that it is no JSON. What says nothing is taken at its word. */
    static void needJson(WebRequest request) throws Rejection {
        String type = request.header("Content-Type");
        if (type != null && !type.strip().toLowerCase(Locale.ROOT).matches("application/json( *;.*)?")) {
            throw new Rejection(415, "This takes application/json only; set the content type to that.");
        }
    }

    @CheckForNull
    static ConfigRepository repository(@Nullable String name) {
        return GitOpsWaves.get().getRepositories().stream()
                .filter(repository ->
                        repository.getName() != null && repository.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private SharedSecret secret(ConfigRepository repository, Purpose purpose) {
        String id = purpose.credentialsId(repository);
        return SharedSecret.find(id).orElseGet(() -> {
            String name = repository.getName();
            if (complainedOf.add(name + "/" + purpose)) {
                LOGGER.warning("A request to the repository " + name + " is refused, as all of its kind will be: "
                        + (id == null
                                ? "its " + purpose.field() + " is not set."
                                : "there is no secret text with the id of its " + purpose.field() + ", " + id + "."));
            }
            return SharedSecret.UNKNOWN;
        });
    }
}
