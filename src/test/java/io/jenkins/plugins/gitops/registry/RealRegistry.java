package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.common.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The distribution project's registry, with a password, on a free port of the loopback; images come by umoci and
 * skopeo. A test that needs it is skipped where one of these tools is missing.
 */
public final class RealRegistry implements AutoCloseable {

    private static final Pattern LISTENS = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");

    /** What htpasswd makes of {@link FakeRegistry#PASSWORD}. */
    private static final String HASH = "$2y$04$loyfaggKBF50Wbu1NwBCHebeIaMVcNW3yxY7mic6PJfO8ckI.TX0q";

    /** When images say they were made. */
    private static final String BEGINNING = "1970-01-01T00:00:00Z";

    private final Path folder;
    private final Process server;
    private final String host;

    /** Starts it, with all that it has in that folder. */
    public RealRegistry(Path folder) throws IOException {
        RealTools.require("docker-registry", "skopeo", "umoci");
        this.folder = folder;
        Path passwords = Files.writeString(folder.resolve("htpasswd"), FakeRegistry.USER + ":" + HASH + "\n");
        Path settings =
                Files.writeString(folder.resolve("config.yml"), """
                version: 0.1
                storage: {filesystem: {rootdirectory: "%s"}}
                http: {addr: "127.0.0.1:0"}
                auth: {htpasswd: {realm: tests, path: "%s"}}
                """.formatted(folder.resolve("store"), passwords));
        server = new ProcessBuilder("docker-registry", "serve", settings.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader log = server.inputReader(StandardCharsets.UTF_8);
        host = host(log);
        // Or it would stand still once nobody has read for long.
        CompletableFuture.runAsync(() -> log.lines().forEach(line -> {}));
    }

    private static String host(BufferedReader log) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            Matcher listens = LISTENS.matcher(line);
            if (listens.find()) {
                return listens.group(1);
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("The registry did not start: " + said);
    }

    /** As image references name it. */
    public String host() {
        return host;
    }

    public String url() {
        return "http://" + host;
    }

    /** Pushes an image that holds a text, and returns the digest that skopeo knows it by. */
    public String push(String name, String tag, String content) throws Exception {
        return push(name, tag, Files.writeString(Files.createTempFile(folder, "content", ""), content));
    }

    /**
     * Pushes an image that holds a program and runs it, and returns the digest that skopeo knows it by. Equal programs
     * under one name give one digest: nothing in the image says when it was made.
     */
    public String push(String name, String tag, Path program) throws Exception {
        Path layout = Files.createTempDirectory(folder, "layout");
        String image = layout.resolve("oci") + ":" + tag;
        String inside = "/" + name.substring(name.lastIndexOf('/') + 1);
        Path file = Files.copy(program, layout.resolve("file"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        run("umoci", "init", "--layout", layout.resolve("oci").toString());
        run("umoci", "new", "--image", image);
        run("umoci", "insert", "--no-history", "--image", image, file.toString(), inside);
        run("umoci", "config", "--no-history", "--created", BEGINNING, "--config.entrypoint", inside, "--image", image);
        String reference = "docker://" + host + "/" + name + ":" + tag;
        String login = FakeRegistry.USER + ":" + FakeRegistry.PASSWORD;
        run("skopeo", "copy", "--quiet", "--dest-tls-verify=false", "--dest-creds", login, "oci:" + image, reference);
        return run("skopeo", "inspect", "--tls-verify=false", "--creds", login, "--format", "{{.Digest}}", reference);
    }

    /** Pushes an index of manifests that the repository has, and returns the digest that the registry gives it. */
    public String pushIndex(String name, String tag, String json) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/v2/" + name + "/manifests/" + tag))
                .header("Content-Type", FakeRegistry.OCI_INDEX)
                .header("Authorization", new RegistryCredentials(FakeRegistry.USER, FakeRegistry.PASSWORD).basic())
                .PUT(BodyPublishers.ofString(json))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        return answer.headers()
                .firstValue("Docker-Content-Digest")
                .orElseThrow(() -> new AssertionError(answer.body()));
    }

    /** Returns what {@code skopeo inspect} prints of an image. */
    public String inspect(String name, String tag) throws Exception {
        String login = FakeRegistry.USER + ":" + FakeRegistry.PASSWORD;
        return run(
                "skopeo",
                "inspect",
                "--tls-verify=false",
                "--creds",
                login,
                "docker://" + host + "/" + name + ":" + tag);
    }

    /** Copies an image to another tag, and returns what {@code skopeo copy --digestfile} writes. */
    public String copy(String name, String from, String to) throws Exception {
        String login = FakeRegistry.USER + ":" + FakeRegistry.PASSWORD;
        String repository = "docker://" + host + "/" + name + ":";
        Path written = folder.resolve("digestfile");
        run(
                "skopeo",
                "copy",
                "--quiet",
                "--src-tls-verify=false",
                "--dest-tls-verify=false",
                "--src-creds",
                login,
                "--dest-creds",
                login,
                "--digestfile",
                written.toString(),
                repository + from,
                repository + to);
        return Files.readString(written);
    }

    /** Returns the digest of an image's configuration, as tools call the id of the image. */
    public String configDigest(String name, String tag) throws Exception {
        String login = FakeRegistry.USER + ":" + FakeRegistry.PASSWORD;
        String reference = "docker://" + host + "/" + name + ":" + tag;
        String manifest = run("skopeo", "inspect", "--raw", "--tls-verify=false", "--creds", login, reference);
        return Json.parse(manifest).path("config").path("digest").asText();
    }

    private String run(String... command) throws Exception {
        return RealTools.run(folder, command);
    }

    @Override
    public void close() throws InterruptedException {
        server.destroy();
        server.waitFor();
    }
}
