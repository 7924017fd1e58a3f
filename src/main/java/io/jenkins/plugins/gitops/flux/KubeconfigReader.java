package io.jenkins.plugins.gitops.flux;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a kubeconfig, the file with which {@code kubectl} finds a cluster: of its current context the address, the
 * authority, and the token or the client certificate. What names programs or files, which would be those of somebody's
 * machine, and what would make the connection less safe than it looks, is refused.
 */
public final class KubeconfigReader {

    /** The largest file that is read, in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    private static final int MAX_DEPTH = 20;

    /** Prints one context with all that it needs in the file itself. */
    private static final String PRINTED = "print it with kubectl config view --minify --flatten --raw";

    private static final String OTHER_LOGIN =
            "; log in with the token of a service account, or with client-certificate-data";

    /** What a kubeconfig printed without {@code --raw} has in place of secrets. */
    private static final List<String> LEFT_OUT = List.of("REDACTED", "DATA+OMITTED");

    private static final String AS_SOMEBODY_ELSE = "; store the login of an account that has the rights itself";

    /** Fields of a user that are not honoured, each with the reason. */
    private static final List<Map.Entry<String, String>> REFUSED_OF_USERS = List.of(
            Map.entry("exec", "starts a program to log in (exec)" + OTHER_LOGIN),
            Map.entry("auth-provider", "starts a program to log in (auth-provider)" + OTHER_LOGIN),
            Map.entry(
                    "tokenFile",
                    "names a file of another machine (tokenFile); write the token into the kubeconfig, as token"),
            Map.entry("username", "logs in with a password (username), which API servers do not take" + OTHER_LOGIN),
            Map.entry("password", "logs in with a password (password), which API servers do not take" + OTHER_LOGIN),
            Map.entry("as", "asks as somebody else (as)" + AS_SOMEBODY_ELSE),
            Map.entry("as-uid", "asks as somebody else (as-uid)" + AS_SOMEBODY_ELSE),
            Map.entry("as-groups", "asks as somebody else (as-groups)" + AS_SOMEBODY_ELSE),
            Map.entry("as-user-extra", "asks as somebody else (as-user-extra)" + AS_SOMEBODY_ELSE));

    private static final YAMLFactory YAML = YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxDocumentLength(MAX_BYTES)
                    .build())
            .build();

    private static final ObjectMapper MAPPER =
            new ObjectMapper(YAML).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final ClusterSettings settings;
    private final JsonNode root;

    private KubeconfigReader(ClusterSettings settings, JsonNode root) {
        this.settings = settings;
        this.root = root;
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it cannot be used, with a clause that begins with a verb, says what to do and
     *     has no secret
     */
    public static ClusterLogin read(ClusterSettings settings, byte[] file) {
        return new KubeconfigReader(settings, parse(file)).login();
    }

    /** What the parser says of a text is not repeated: it quotes the line, which may have a secret. */
    static JsonNode parse(byte[] file) {
        if (file.length > MAX_BYTES) {
            throw new IllegalArgumentException("is larger than 1 MiB; " + PRINTED);
        }
        String text = new String(file, StandardCharsets.UTF_8);
        boolean hasAliases;
        JsonNode root;
        try {
            hasAliases = hasAliases(text);
            root = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
            throw new IllegalArgumentException("is not valid YAML, or has a field twice" + where + "; " + PRINTED);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("is not valid YAML; " + PRINTED);
        }
        if (hasAliases) {
            throw new IllegalArgumentException("has an alias of YAML, which is not followed; " + PRINTED);
        }
        return root == null ? MissingNode.getInstance() : root;
    }

    private static boolean hasAliases(String text) throws IOException {
        try (YAMLParser parser = YAML.createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser.isCurrentAlias()) {
                    return true;
                }
            }
            return false;
        }
    }

    private ClusterLogin login() {
        String current = text(root, "current-context")
                .orElseThrow(() -> new IllegalArgumentException(
                        "has no current-context; set it with kubectl config use-context, or " + PRINTED));
        JsonNode context = named("contexts", current, "context");
        JsonNode cluster = named("clusters", reference(context, current, "cluster"), "cluster");
        JsonNode user = named("users", reference(context, current, "user"), "user");
        String url = url(cluster);
        checkVerified(cluster, url);
        REFUSED_OF_USERS.forEach(refused -> {
            if (isSet(user, refused.getKey())) {
                throw new IllegalArgumentException(refused.getValue());
            }
        });
        Optional<String> token = text(user, "token").map(KubeconfigReader::whole);
        Optional<String> certificate = decoded(user, "client-certificate");
        Optional<String> key = decoded(user, "client-key");
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException(
                    "has client-certificate-data or client-key-data without the other; " + PRINTED);
        }
        if (token.isEmpty() && certificate.isEmpty()) {
            throw new IllegalArgumentException("has neither a token nor client-certificate-data" + OTHER_LOGIN);
        }
        Optional<String> authority = decoded(cluster, "certificate-authority");
        if (authority.isPresent() && settings.caCertificate().isPresent()) {
            throw new IllegalArgumentException(
                    "has certificate-authority-data, and caCertificate is set too; leave caCertificate empty");
        }
        authority.ifPresent(pem -> checkPart("certificate-authority-data", () -> ClusterTls.certificates(pem)));
        certificate.ifPresent(pem -> checkPart("client-certificate-data", () -> ClusterTls.certificates(pem)));
        Optional<ClientCertificate> client = certificate.map(chain -> new ClientCertificate(chain, key.orElseThrow()));
        client.ifPresent(pair -> checkPart("client-key-data", pair::managers));
        return new ClusterLogin(url, new ClusterTls(authority.or(settings::caCertificate), client), token);
    }

    private static void checkPart(String field, Runnable reading) {
        try {
            reading.run();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has " + field + " that " + e.getMessage());
        }
    }

    /** The address of the API server; where the configuration has one too, the token is for that alone. */
    private String url(JsonNode cluster) {
        String server = text(cluster, "server")
                .orElseThrow(() -> new IllegalArgumentException("has no server for its current context; " + PRINTED));
        ClusterSettings.urlProblem(server, settings.allowInsecure()).ifPresent(problem -> {
            throw new IllegalArgumentException("cannot be used, since its server " + problem.replaceFirst("\\.$", ""));
        });
        String url = ClusterSettings.canonicalUrl(server, settings.allowInsecure());
        if (!settings.url().isEmpty() && !settings.url().equals(url)) {
            throw new IllegalArgumentException("is for the server " + url + ", and url is " + settings.url()
                    + "; leave url empty, or store the file of that cluster");
        }
        return url;
    }

    private static void checkVerified(JsonNode cluster, String url) {
        JsonNode skip = cluster.path("insecure-skip-tls-verify");
        if (!skip.isMissingNode() && !skip.isNull() && !(skip.isBoolean() && !skip.booleanValue())) {
            throw new IllegalArgumentException("has the certificate of the API server not verified"
                    + " (insecure-skip-tls-verify); take that out, and give certificate-authority-data");
        }
        if (isSet(cluster, "proxy-url")) {
            throw new IllegalArgumentException("names a proxy (proxy-url); take that out, and set the proxy of Jenkins,"
                    + " with the hosts that do not need it");
        }
        Optional<String> name = text(cluster, "tls-server-name");
        if (name.isPresent() && !name.get().equalsIgnoreCase(URI.create(url).getHost())) {
            throw new IllegalArgumentException("has the certificate of the API server checked for another name"
                    + " (tls-server-name); make server an address that the certificate names");
        }
    }

    private String reference(JsonNode context, String current, String field) {
        return text(context, field)
                .orElseThrow(() -> new IllegalArgumentException(
                        "names no " + field + " in its context " + quoted(current) + "; " + PRINTED));
    }

    /** The only entry of that name in a list. */
    private JsonNode named(String list, String name, String field) {
        List<JsonNode> found = new ArrayList<>();
        root.path(list).forEach(entry -> {
            if (entry.path("name").asText().equals(name)) {
                found.add(entry.path(field));
            }
        });
        if (found.size() != 1) {
            throw new IllegalArgumentException("has " + (found.isEmpty() ? "nothing" : "two entries") + " called "
                    + quoted(name) + " under " + list + "; " + PRINTED);
        }
        return found.get(0);
    }

    private static String quoted(String name) {
        return "\"" + SingleLine.excerpt(name) + "\"";
    }

    private static boolean isSet(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return !value.isMissingNode()
                && !value.isNull()
                && !(value.isTextual() && value.textValue().isBlank());
    }

    private static Optional<String> text(JsonNode node, String field) {
        if (!isSet(node, field)) {
            return Optional.empty();
        }
        if (!node.path(field).isTextual()) {
            throw new IllegalArgumentException("has a " + field + " that is not a text; put it in quotes");
        }
        return Optional.of(node.path(field).textValue().strip());
    }

    /** The content of a file that is embedded in Base64. Where there is only the path of the file, it is refused. */
    private static Optional<String> decoded(JsonNode node, String file) {
        String field = file + "-data";
        Optional<String> given = text(node, field).map(KubeconfigReader::whole);
        if (given.isEmpty() && isSet(node, file)) {
            throw new IllegalArgumentException(
                    "names a file of another machine (" + file + "); to have it in the kubeconfig itself, " + PRINTED);
        }
        try {
            return given.map(text -> new String(Base64.getMimeDecoder().decode(text), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a " + field + " that is not Base64; " + PRINTED);
        }
    }

    private static String whole(String text) {
        if (LEFT_OUT.contains(text)) {
            throw new IllegalArgumentException("has its secrets left out (" + text + "); " + PRINTED);
        }
        return text;
    }
}
