package sandbox.runner;

import com.sun.net.httpserver.HttpExchange;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.pages.PageTexts;
import io.jenkins.plugins.gitops.pages.WaveActions;
import io.jenkins.plugins.gitops.pages.WavesPage;
import io.jenkins.plugins.gitops.triggers.PromotionBuildStarter;
import io.jenkins.plugins.gitops.webhooks.EndpointRouter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The plugin's live page without Jenkins: an HTML page with the plugin's own script and style, and the HTTP endpoints
 * of its buttons. There is no authentication: every client that reaches the port may send the actions.
 */
public final class PageShell {
    private static final String ROOT = "/" + WavesPage.ROOT + "/";
    private static final String FILES = "/files/";
    private static final int MAX_FORM_BYTES = 1 << 16;

    /** Forbids inline scripts, as Jenkins' own policy does. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES =
            Map.of("js", "text/javascript", "css", "text/css", "html", "text/html");

    private final WaveActions actions;
    private final Rights rights;
    private final Supplier<List<String>> repositories;

    /** Protects against cross-site request forgery: only a page that this server sent has this value. */
    private final String crumb = UUID.randomUUID().toString();

    /** What every user may do. */
    public enum Rights {
        EVERYTHING,
        VIEW
    }

    /**
     * Creates the pages.
     *
     * @param builds starts promotion jobs
     * @param rights what every user may do
     * @param repositories provides the names of the repositories
     */
    public PageShell(PromotionBuildStarter builds, Rights rights, Supplier<List<String>> repositories) {
        this.actions = new WaveActions(builds);
        this.rights = rights;
        this.repositories = repositories;
    }

    /** Creates the pages of the configured repositories. */
    public static PageShell of(PromotionBuildStarter builds) {
        return new PageShell(
                builds,
                Rights.EVERYTHING,
                () -> GitOpsWavesConfiguration.get().getRepositories().stream()
                        .map(RepositoryDefinition::getName)
                        .toList());
    }

    /** An HTTP response. It is a redirect if {@code location} is not null. */
    private record Answer(int status, String type, byte[] body, String location) {
        static Answer text(int status, String sentence) {
            return new Answer(status, "text/plain", sentence.getBytes(StandardCharsets.UTF_8), null);
        }
    }

    /** Answers a request. */
    public void handle(HttpExchange exchange) throws IOException {
        Answer answer = answer(exchange);
        exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        if (answer.location() != null) {
            exchange.getResponseHeaders().set("Location", answer.location());
        }
        exchange.getResponseHeaders().set("Content-Type", answer.type() + ";charset=utf-8");
        exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.startsWith(FILES)) {
            return file(path.substring(FILES.length()));
        }
        List<String> known = repositories.get();
        if (List.of("/", ROOT).contains(path) && !known.isEmpty()) {
            return new Answer(302, "text/plain", new byte[0], ROOT + known.get(0) + "/");
        }
        String[] parts = path.startsWith(ROOT) ? path.substring(ROOT.length()).split("/", -1) : new String[] {""};
        if (!known.contains(parts[0])) {
            return Answer.text(404, "There is no such repository.");
        }
        if (parts.length != 2) {
            return Answer.text(404, "The page of a repository ends with a slash.");
        }
        if (parts[1].isEmpty()) {
            return new Answer(200, "text/html", shell(parts[0], known).getBytes(StandardCharsets.UTF_8), null);
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            return Answer.text(405, "Only POST is answered here.");
        }
        if (rights == Rights.VIEW || !crumb.equals(exchange.getRequestHeaders().getFirst("Jenkins-Crumb"))) {
            return Answer.text(403, "This may not be done from here.");
        }
        return act(parts[0], parts[1], form(exchange.getRequestBody()));
    }

    private Answer act(String repository, String action, Map<String, String> form) {
        var input = new WaveActions.DialogInput(repository, form::get, System.getProperty("user.name"));
        try {
            return Answer.text(
                    200,
                    switch (action) {
                        case "hold" -> actions.hold(input);
                        case "release" -> actions.release(input);
                        case "reject" -> actions.reject(input);
                        case "accept" -> actions.accept(input);
                        case "approve" -> actions.approve(input);
                        case "withdraw" -> actions.withdraw(input);
                        case "verify" -> actions.verify(input);
                        case "promote" -> actions.promote(input);
                        case "rollback" -> actions.rollback(input);
                        case "preview" -> actions.preview(input);
                        default -> throw new RequestRefused("There is nothing called " + action + " to do.");
                    });
        } catch (RequestRefused e) {
            return Answer.text(409, e.getMessage());
        } catch (GitOpsException e) {
            return Answer.text(503, e.getMessage());
        }
    }

    private static Map<String, String> form(InputStream body) throws IOException {
        var form = new HashMap<String, String>();
        for (String pair : new String(body.readNBytes(MAX_FORM_BYTES), StandardCharsets.UTF_8).split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Answer file(String name) throws IOException {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (!name.matches("[a-z]+(\\.[a-z]+)+") || type == null) {
            return Answer.text(404, "There is no such file.");
        }
        try (InputStream file = PageShell.class.getResourceAsStream("page/" + name)) {
            return file == null
                    ? Answer.text(404, "There is no such file.")
                    : new Answer(200, type, file.readAllBytes(), null);
        }
    }

    private String shell(String repository, List<String> known) throws IOException {
        String shell = new String(file("shell.html").body(), StandardCharsets.UTF_8);
        for (var value : Map.of(
                        "crumb",
                        crumb,
                        "repository",
                        repository,
                        "repositories",
                        Json.write(known),
                        "state",
                        "/" + EndpointRouter.ROOT + "/state/" + repository,
                        "page",
                        ROOT,
                        "user",
                        System.getProperty("user.name"),
                        "texts",
                        PageTexts.json(Locale.getDefault()),
                        "may",
                        Boolean.toString(rights == Rights.EVERYTHING))
                .entrySet()) {
            shell = shell.replace("{{" + value.getKey() + "}}", escaped(value.getValue()));
        }
        return shell;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
