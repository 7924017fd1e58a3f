package io.jenkins.plugins.gitops.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Json;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/**
 * Gerrit's own daemon, headless, in a process of its own, with projects to which the account {@code bot} gets the rights
 * of a test. A test that needs it is skipped where Maven has not fetched it, see the
 * sandbox's {@code plugin/pom.xml}.
 */
final class RealGerrit implements AutoCloseable {

    private static final Path JARS = Path.of("target/gerrit");

    /** The group of everybody who is logged in; of the accounts only bot has no other. */
    private static final String GROUP = "global:Registered-Users";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final String address;
    private final Path site;
    private final String adminPassword;
    private final String botPassword;

    /** Starts it, with all that it has in that folder. */
    RealGerrit(Path folder) throws Exception {
        assumeTrue(Files.isDirectory(JARS), "Missing: " + JARS + "; get it with: sandbox/gitops test");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Path home = Files.createDirectories(folder.resolve("site"));
        String classPath;
        try (Stream<Path> jars = Files.list(JARS)) {
            classPath = jars.map(jar -> jar.toAbsolutePath().toString())
                    .sorted()
                    .collect(Collectors.joining(File.pathSeparator));
        }
        Path source =
                Path.of(RealGerrit.class.getResource("/gerrit/StartGerrit.java").toURI());
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", classes.toString(), "-cp", classPath, source.toString());
        if (failed != 0) {
            throw new AssertionError(source + " is not compiled.");
        }
        process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx512m",
                        "-cp",
                        classes + File.pathSeparator + classPath,
                        "StartGerrit",
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String[] words = ready();
        address = words[1];
        site = Path.of(words[2]);
        adminPassword = words[3];
        botPassword = words[4];
    }

    private String[] ready() throws IOException {
        BufferedReader printed = process.inputReader(UTF_8);
        for (String line = printed.readLine(); line != null; line = printed.readLine()) {
            if (line.startsWith("READY ")) {
                return line.split(" ");
            }
        }
        throw new AssertionError("Gerrit has not started.");
    }

    /** Creates a project, and returns where its repository lies. */
    Path create(String project) throws Exception {
        ask("PUT", "/a/projects/" + project, "{\"branches\": [\"main\"]}");
        return site.resolve("git/" + project + ".git");
    }

    /** The address of a project for those who come over HTTP. */
    String url(String project) {
        return address + "/a/" + project;
    }

    /** The address of a project for git's command line, with the account that has the rights. */
    String urlWithPassword(String project) {
        return url(project).replace("://", "://bot:" + URLEncoder.encode(botPassword, UTF_8) + "@");
    }

    /** The password that has the rights. */
    CredentialsProvider credentials() {
        return new UsernamePasswordCredentialsProvider("bot", botPassword);
    }

    /** Returns the numbers of the changes in review that have a commit as one of their patch sets. */
    List<Integer> changesInReview(String project, String sha) throws Exception {
        String answer =
                ask("GET", "/a/changes/?q=" + URLEncoder.encode("project:" + project + " commit:" + sha, UTF_8), "");
        // Gerrit begins its JSON with a line that keeps browsers from running it.
        return Json.parse(answer.substring(answer.indexOf('\n'))).findValues("_number").stream()
                .map(JsonNode::asInt)
                .toList();
    }

    /**
     * Gives rights, and takes those of before.
     *
     * @param before the patterns that had rights
     * @param rights by the pattern of refs the names of permissions, a plus behind those with force
     */
    void rights(String project, Set<String> before, Map<String, List<String>> rights) throws Exception {
        String removed = before.stream()
                .map(refs -> "\"" + refs + "\": {\"permissions\": {}}")
                .collect(Collectors.joining(", "));
        ask(
                "POST",
                "/a/projects/" + project + "/access",
                "{\"remove\": {" + removed + "}, \"add\": {" + json(rights) + "}}");
    }

    private static String json(Map<String, List<String>> rights) {
        return rights.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": {\"permissions\": {"
                        + entry.getValue().stream().map(RealGerrit::permission).collect(Collectors.joining(", "))
                        + "}}")
                .collect(Collectors.joining(", "));
    }

    private static String permission(String name) {
        boolean force = name.endsWith("+");
        return "\"" + (force ? name.substring(0, name.length() - 1) : name) + "\": {\"rules\": {\"" + GROUP
                + "\": {\"action\": \"ALLOW\", \"force\": " + force + "}}}";
    }

    private String ask(String method, String path, String body) throws IOException, InterruptedException {
        String proof = Base64.getEncoder().encodeToString(("admin:" + adminPassword).getBytes(UTF_8));
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(address + path))
                        .header("Authorization", "Basic " + proof)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new AssertionError(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
