package io.jenkins.plugins.gitops.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.configuration.ConfigRepository;
import io.jenkins.plugins.gitops.configuration.Drivers;
import io.jenkins.plugins.gitops.configuration.GitOpsWaves;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.StateJson;
import io.jenkins.plugins.gitops.json.Json;
import io.jenkins.plugins.gitops.json.MalformedJsonException;
import io.jenkins.plugins.gitops.waves.Wave;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Answers what is asked under {@code /gitops-waves/} (spec section 5), whatever server takes the requests.
 *
 * <p>Who has not proved that it knows the secret of a repository is answered alike whether or not there is such a
 * repository, and whether or not it has a secret.
 */
@Restricted(NoExternalUse.class)
public final class Endpoints {

    /** The first part of all paths. */
    public static final String ROOT = "gitops-waves";

    private static final Logger LOGGER = Logger.getLogger(Endpoints.class.getName());
    private static final int MAX_BODY = 64 * 1024;
    private static final Pattern HOOK =
            Pattern.compile("/deployed/[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*");

    /** Repositories of which the log says already that their hooks are refused. */
    private final Set<String> complainedOf = ConcurrentHashMap.newKeySet();

    /** Whether a path is one that other systems post to, which cannot know a crumb and prove themselves otherwise. */
    static boolean isHook(String path) {
        return HOOK.matcher(path).matches();
    }

    /** Answers a request at once; what follows from it is done later. */
    public WebAnswer answer(WebRequest request) throws IOException {
        List<String> parts = Arrays.asList(request.path().split("/", -1));
        if (parts.size() == 4 && parts.get(1).equals("deployed")) {
            return request.method().equals("POST") ? deployed(parts.get(2), parts.get(3), request) : only("POST");
        }
        if (parts.size() == 3 && parts.get(1).equals("state")) {
            return request.method().equals("GET") ? state(parts.get(2), request) : only("GET");
        }
        return WebAnswer.sentence(
                404, "There are /" + ROOT + "/deployed/<repository>/<wave> and /" + ROOT + "/state/<repository>.");
    }

    private static WebAnswer only(String method) {
        return WebAnswer.sentence(405, "Only " + method + " is answered here.").with(Map.of("Allow", method));
    }

    /** Something says that Argo CD has deployed. It is a hint: whether that is so is asked of Argo CD and git. */
    private WebAnswer deployed(String repository, String wave, WebRequest request) throws IOException {
        byte[] body = request.body().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            return WebAnswer.sentence(413, "The body is larger than 64 KiB.");
        }
        ConfigRepository configured = repository(repository);
        SharedSecret secret = configured == null ? null : secret(repository, configured.getDeployedSecretId());
        if (configured == null || secret == null || !secret.proves(request, body)) {
            return WebAnswer.sentence(
                    403,
                    "This needs the secret of the repository: an X-Hub-Signature-256 of the body made with it, or"
                            + " Authorization: Bearer with it.");
        }
        if (configured.toSettings().waves().stream().map(Wave::name).noneMatch(wave::equals)) {
            return WebAnswer.sentence(404, "The repository " + repository + " has no such wave.");
        }
        String problem = problem(body);
        if (problem != null) {
            return WebAnswer.sentence(400, "The body " + problem + ".");
        }
        try {
            Drivers.get().lookNow(repository);
        } catch (IllegalArgumentException e) {
            return unavailable(e.getMessage());
        }
        return WebAnswer.sentence(202, "The repository " + repository + " is looked at.");
    }

    @CheckForNull
    private static ConfigRepository repository(String name) {
        return GitOpsWaves.get().getRepositories().stream()
                .filter(repository -> name.equals(repository.getName()))
                .findFirst()
                .orElse(null);
    }

    @CheckForNull
    private SharedSecret secret(String repository, @Nullable String id) {
        SharedSecret secret = SharedSecret.find(id);
        if (secret == null && complainedOf.add(repository)) {
            LOGGER.warning("A hook of the repository " + repository + " is refused, as all will be: "
                    + (id == null
                            ? "its deployedSecretId is not set."
                            : "there is no secret text with the id of its deployedSecretId, " + id + "."));
        }
        return secret;
    }

    /** What is wrong with the body of a deployed hook, or null; its form is in spec section 8. */
    @CheckForNull
    private static String problem(byte[] body) {
        JsonNode root;
        try {
            root = Json.parse(body);
        } catch (MalformedJsonException e) {
            return e.getMessage();
        }
        if (root.path("application").asText("").isBlank()) {
            return "does not name the \"application\"";
        }
        for (String field : List.of("application", "namespace", "revision", "phase")) {
            if (root.has(field) && !root.get(field).isTextual()) {
                return "has a \"" + field + "\" that is no text";
            }
        }
        return null;
    }

    private WebAnswer state(String repository, WebRequest request) {
        if (!Jenkins.get().hasPermission(Jenkins.READ)) {
            return WebAnswer.sentence(403, "This needs the permission Overall/Read.");
        }
        if (repository(repository) == null) {
            return WebAnswer.sentence(404, "There is no such repository.");
        }
        Optional<RepositoryState> state;
        String trouble;
        try {
            state = Drivers.get().state(repository);
            trouble = Drivers.get().trouble(repository);
        } catch (IllegalArgumentException e) {
            return unavailable(e.getMessage());
        }
        if (state.isEmpty()) {
            return unavailable(trouble == null ? "The repository " + repository + " is being looked at." : trouble);
        }
        String json = StateJson.write(state.get(), trouble);
        Map<String, String> headers = Map.of("ETag", etag(json), "Cache-Control", "private, no-cache");
        boolean known = names(request.header("If-None-Match"), etag(json));
        return new WebAnswer(known ? 304 : 200, "application/json;charset=utf-8", known ? "" : json, headers);
    }

    private static WebAnswer unavailable(String sentence) {
        return WebAnswer.sentence(503, sentence).with(Map.of("Retry-After", "5"));
    }

    private static String etag(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether a list of entity tags has one, which a proxy may have made weak. */
    private static boolean names(@Nullable String tags, String tag) {
        return tags != null
                && Arrays.stream(tags.split(","))
                        .map(each -> each.strip().replaceFirst("^W/", ""))
                        .anyMatch(each -> each.equals(tag) || each.equals("*"));
    }
}
