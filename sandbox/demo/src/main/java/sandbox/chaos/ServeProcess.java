package sandbox.chaos;

import io.jenkins.plugins.gitops.world.JavaProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import sandbox.runner.ServeCommand;

/** A {@code serve} process with its own home and port. It can be killed and started again. */
public final class ServeProcess implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Path folder;
    private final Path home;
    private final int port;
    private final List<String> more;
    private Process process;

    ServeProcess(Path folder, String name) throws IOException {
        this(folder, name, List.of());
    }

    /**
     * Prepares a process and starts none.
     *
     * @param folder has the files {@code casc.yaml} and {@code Jenkinsfile}
     * @param name of the folder in it that becomes the home
     * @param more arguments of the command
     */
    public ServeProcess(Path folder, String name, List<String> more) throws IOException {
        this.more = List.copyOf(more);
        this.folder = folder;
        this.home = folder.resolve(name);
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
    }

    Path home() {
        return home;
    }

    synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Starts the process, unless it runs. */
    public synchronized void start() throws IOException {
        if (isRunning()) {
            return;
        }
        List<String> arguments = new ArrayList<>(List.of(
                "--casc",
                folder.resolve("casc.yaml").toString(),
                "--home",
                home.toString(),
                "--port",
                String.valueOf(port),
                "--job",
                "deliver",
                "--jenkinsfile",
                folder.resolve("Jenkinsfile").toString()));
        arguments.addAll(more);
        Path log = folder.resolve(home.getFileName() + ".log");
        process = JavaProcess.of(ServeCommand.class, List.of("-Xmx256m"), arguments)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process.getOutputStream().close();
    }

    /** Kills the process with SIGKILL and waits for its end. */
    synchronized void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Sends a signed POST request, see docs/endpoints.md; returns the HTTP status, or 0 if there was no answer. */
    public int post(String path, String secret, String id, String body) throws InterruptedException {
        String target = "/gitops-waves/" + path;
        String time = String.valueOf(Instant.now().getEpochSecond());
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .header("webhook-id", id)
                .header("webhook-timestamp", time)
                .header("webhook-signature", "r1," + hmac(secret, id + "." + time + ".POST " + target + "\n" + body))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * The response to a request for the repository's state, JSON unless it is an error; empty if there was no answer.
     */
    public String state() throws InterruptedException {
        try {
            return client.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + port + "/gitops-waves/state/cfg-app"))
                                    .timeout(ANSWER)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        }
    }

    private static String hmac(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The texts of the {@code build.xml} files of the builds of this process. */
    public List<String> builds() throws IOException {
        Path builds = home.resolve("jobs/deliver/builds");
        var found = new ArrayList<String>();
        if (Files.isDirectory(builds)) {
            try (var folders = Files.list(builds)) {
                for (Path build : folders.toList()) {
                    if (Files.exists(build.resolve("build.xml"))) {
                        found.add(Files.readString(build.resolve("build.xml")));
                    }
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
