package io.jenkins.plugins.gitops.webhooks;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.ReportedCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import jenkins.model.Jenkins;
import org.eclipse.jgit.util.FileUtils;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The endpoints on the living types of the sandbox, with a real repository, a secret for each purpose, and everything
 * that is logged meanwhile.
 */
final class EndpointFixture implements BeforeEachCallback, AfterEachCallback {

    static final String DEPLOYED = "It's a Secret to Everybody";
    static final String IMAGES = "images-secret-7f3a";
    static final String FORGE = "forge-secret-91bc";
    static final String REPORTERS = "reporters-secret-d04e";
    static final String VERIFY = "verify-secret-5c1a";

    /** What was announced, in order. */
    final List<ImageAnnouncement> announced = new CopyOnWriteArrayList<>();

    /** How many jobs take announcements. */
    int listening = 1;

    /** From where requests come. */
    String address = "192.0.2.1";

    private final AtomicLong nanos = new AtomicLong();
    private final List<LogRecord> log = new CopyOnWriteArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord message) {
            log.add(message);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private EndpointRouter endpoints;
    private Path folder;
    private Path bare;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        assumeTrue(Jenkins.getInstanceOrNull() != null, "runs on the Jenkins types of the sandbox");
        folder = Files.createTempDirectory("endpoints");
        bare = GitCli.createBare(folder.resolve("cfg-app.git"), "master");
        String tree = GitCli.run(Map.of(), "", bare, "mktree").strip();
        moveMain(GitCli.run(bare, "commit-tree", tree, "-m", "Begin").strip());
        secret("deployed-secret", DEPLOYED);
        secret("images-secret", IMAGES);
        secret("forge-secret", FORGE);
        secret("reporters-secret", REPORTERS);
        secret("verify-secret", VERIFY);
        configure(repository -> {});
        restart();
        logger().addHandler(listener);
        logger().setLevel(Level.ALL);
    }

    private static Logger logger() {
        return Logger.getLogger("io.jenkins.plugins.gitops");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        logger().removeHandler(listener);
        logger().setLevel(null);
        if (Jenkins.getInstanceOrNull() != null) {
            new DriverRegistry.Lifecycle().onBeforeShutdown();
            FileUtils.delete(folder.toFile(), FileUtils.RECURSIVE | FileUtils.RETRY);
        }
    }

    static void secret(String id, String text) {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(text)));
        save();
    }

    /** Jenkins tells of changed credentials when they are saved. */
    static void save() {
        try {
            SystemCredentialsProvider.getInstance().save();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Configures the repository {@code cfg-app}, and what else there is to it. */
    void configure(Consumer<RepositoryDefinition> more) {
        RepositoryDefinition repository =
                new RepositoryDefinition("cfg-app", bare.toUri().toString());
        repository.setAllowInsecure(true);
        repository.setAllJobs(true);
        repository.setChecks(List.of(new ReportedCheckSource()));
        repository.setRequiredChecks(List.of(new RequiredCheckDefinition("ci/check")));
        repository.setImagesSecretId("images-secret");
        repository.setDeployedSecretId("deployed-secret");
        repository.setForgeSecretId("forge-secret");
        repository.setReportersSecretId("reporters-secret");
        repository.setVerifySecretId("verify-secret");
        more.accept(repository);
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    Path bare() {
        return bare;
    }

    String main() {
        return GitCli.run(bare, "rev-parse", "master").strip();
    }

    /** Somebody pushes to main. */
    String push() {
        String commit = GitCli.run(bare, "commit-tree", "master^{tree}", "-p", "master", "-m", "By hand")
                .strip();
        moveMain(commit);
        return commit;
    }

    private void moveMain(String commit) {
        GitCli.run(bare, "update-ref", "refs/heads/master", commit);
    }

    /** Lets time pass for whoever reads a body. */
    void pass(long nanoseconds) {
        nanos.addAndGet(nanoseconds);
    }

    WebResponse ask(String method, String target, Map<String, String> headers, InputStream body) throws IOException {
        var found = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        found.putAll(headers);
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? null : target.substring(question + 1);
        return endpoints.answer(new WebRequest(method, path, query, found::get, body, address));
    }

    WebResponse post(String target, byte[] body, Map<String, String> headers) throws IOException {
        return ask("POST", target, headers, new ByteArrayInputStream(body));
    }

    WebResponse post(String target, String body, Map<String, String> headers) throws IOException {
        return post(target, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    WebResponse get(String target, Map<String, String> headers) throws IOException {
        return ask("GET", target, headers, InputStream.nullInputStream());
    }

    static Map<String, String> bearer(String secret) {
        return Map.of("Authorization", "Bearer " + secret);
    }

    /** The signature of a body as GitHub makes it. */
    static Map<String, String> bodySigned(String secret, String body) {
        return Map.of("X-Hub-Signature-256", "sha256=" + hmac(secret, body));
    }

    /** The signature of a whole request, made now, with an id of its own. */
    static Map<String, String> signed(String secret, String target, String body) {
        return signed(secret, UUID.randomUUID().toString(), Instant.now(), target, body);
    }

    static Map<String, String> signed(String secret, String id, Instant time, String target, String body) {
        return signed(secret, id, time, target, body.getBytes(StandardCharsets.UTF_8));
    }

    static Map<String, String> signed(String secret, String id, Instant time, String target, byte[] body) {
        String seconds = Long.toString(time.getEpochSecond());
        byte[] head = (id + "." + seconds + ".POST /gitops-waves" + target + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] content = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, content, head.length, body.length);
        byte[] signature = HexFormat.of().parseHex(hmac(secret, content));
        return Map.of(
                "webhook-id",
                id,
                "webhook-timestamp",
                seconds,
                "webhook-signature",
                "r1," + Base64.getEncoder().encodeToString(signature));
    }

    /** Restarts the endpoints; what is in Jenkins' home stays. */
    void restart() {
        endpoints = new EndpointRouter(
                (repository, images) -> {
                    for (int job = 0; job < listening; job++) {
                        announced.add(images);
                    }
                    return listening;
                },
                nanos::get);
    }

    static String hmac(String secret, String body) {
        return hmac(secret, body.getBytes(StandardCharsets.UTF_8));
    }

    static String hmac(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, String> and(Map<String, String> headers, String... more) {
        var all = new HashMap<>(headers);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    /** The messages that were logged as warnings or worse. */
    List<String> warnings() {
        return log.stream()
                .filter(message -> message.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogRecord::getMessage)
                .toList();
    }

    /** Everything that was logged, down to the stack traces. */
    String log() {
        List<String> lines = new ArrayList<>();
        for (LogRecord message : log) {
            lines.add(message.getMessage());
            for (Throwable thrown = message.getThrown(); thrown != null; thrown = thrown.getCause()) {
                lines.add(thrown.toString());
            }
        }
        return String.join("\n", lines);
    }
}
