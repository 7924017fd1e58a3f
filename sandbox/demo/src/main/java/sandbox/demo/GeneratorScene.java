package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import sandbox.chaos.ServeProcess;
import sandbox.demo.ToldScene.Way;

/**
 * The scene in which a generator makes files of a queue again: a change is red, the one above it lands, and somebody
 * pushes meanwhile. It has a repository and a Jenkins of its own.
 */
final class GeneratorScene extends OwnRepositoryScene {

    private static final String CASC = """
        credentials:
          system:
            domainCredentials:
              - credentials:
                  - string: {scope: GLOBAL, id: images, secret: for-images}
                  - string: {scope: GLOBAL, id: reporters, secret: for-reporters}
        """ + REPOSITORY + """
                pollInterval: 1s
                redGrace: 0s
                imagesSecretId: images
                reportersSecretId: reporters
                generatedPaths: ["generated/**"]
                generator: {job: generate}
                waves: [{name: staging}]
        """;

    private static final String GENERATE = """
        node {
            generateConfig {
                sh 'mkdir -p generated && cat targets.txt images/staging/tags.json > generated/all.yaml'
            }
        }
        """;

    private static final String GENERATED = ":generated/all.yaml";

    private int run;

    GeneratorScene(DemoScene scene) {
        super(
                scene,
                new ToldScene(
                        "Generated YAML: a red change, a fix above it, and somebody pushes meanwhile",
                        "the YAML is stale or conflicts, and the fix is thrown out with what it fixes.",
                        "docs/howto/generator.md",
                        Way.EVICTED));
    }

    @Override
    void play(Path folder, Path repository) throws IOException {
        Path grace = folder.resolve("grace");
        GitCli.run(folder, "clone", "-q", repository.toString(), grace.toString());
        Files.createDirectories(grace.resolve("images/staging"));
        Files.writeString(grace.resolve("images/staging/tags.json"), "{}\n");
        Files.writeString(grace.resolve("images/staging/digests.json"), "{}\n");
        Files.createDirectories(grace.resolve("generated"));
        push(grace, "one target", "one target\n{}\n");
        Files.writeString(folder.resolve("casc.yaml"), CASC.formatted(repository.toUri()));
        Files.writeString(folder.resolve("Jenkinsfile"), "commitConfig()\nwaitForCiAndMerge()\n");
        Path generate = Files.writeString(folder.resolve("generate"), GENERATE);
        ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();
        looks.scheduleWithFixedDelay(news::tell, 0, 300, TimeUnit.MILLISECONDS);
        try (var jenkins = new ServeProcess(
                folder, "home", List.of("--generator", "generate", "--generator-jenkinsfile", generate.toString()))) {
            jenkins.start();
            news.await("the second Jenkins answers", () -> state(jenkins).contains("cfg-app"));
            announce(jenkins, "bad", 1);
            news.await("the first change is queued", () -> queued(repository) == 1);
            announce(jenkins, "fix", 2);
            news.await("the fix is queued above it", () -> queued(repository) == 2);
            String bad = git(repository, "rev-parse", "auto~1");
            screen.fact(
                    git(repository, "show", "auto" + GENERATED).contains("shop:fix")
                            && git(repository, "show", bad + GENERATED).contains("shop:bad"),
                    "both queued commits have the YAML that the generator makes of them");
            push(grace, "two targets", null);
            news.await(
                    "the queue is generated on what was pushed",
                    () -> queued(repository) == 2
                            && git(repository, "show", "auto~1" + GENERATED).contains("two targets")
                            && git(repository, "show", "auto" + GENERATED).contains("two targets"));
            report(jenkins, git(repository, "rev-parse", "main"), "success");
            report(jenkins, git(repository, "rev-parse", "auto~1"), "failure");
            news.await("the bad change is evicted", () -> queued(repository) == 1);
            screen.fact(
                    !git(repository, "show", "auto" + GENERATED).contains("shop:bad"),
                    "the fix is generated again without what was below it");
            report(jenkins, git(repository, "rev-parse", "auto"), "success");
            news.await("the fix is on main", () -> queued(repository) == 0);
            String main = git(repository, "show", "main" + GENERATED);
            screen.fact(
                    main.contains("two targets") && main.contains("shop:fix"),
                    "main at " + shortened(git(repository, "rev-parse", "main"))
                            + " has both targets and the fix in its YAML");
            screen.told("the bad change was evicted alone; the fix above it was generated again, and landed");
            screen.told("what was pushed meanwhile is in the YAML too: main has what the generator makes of it");
        } finally {
            looks.shutdownNow();
        }
    }

    private static void push(Path clone, String targets, String generated) throws IOException {
        Files.writeString(clone.resolve("targets.txt"), targets + "\n");
        if (generated != null) {
            Files.writeString(clone.resolve("generated/all.yaml"), generated);
        }
        GitCli.run(clone, "add", "-A");
        GitCli.run(clone, "commit", "-q", "-m", "Have " + targets);
        GitCli.run(clone, "push", "-q", "origin", "HEAD:refs/heads/main");
    }

    private static String git(Path repository, String... arguments) {
        return GitCli.run(repository, arguments).strip();
    }

    /** The number of commits on the auto branch that main does not have. */
    private static long queued(Path repository) {
        return GitCli.succeeds(repository, "rev-parse", "-q", "--verify", "auto")
                ? Long.parseLong(git(repository, "rev-list", "--count", "main..auto"))
                : 0;
    }

    private static String state(ServeProcess jenkins) {
        try {
            return jenkins.state();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private void announce(ServeProcess jenkins, String version, int order) {
        String digit = String.valueOf(order);
        post(
                jenkins,
                "images/cfg-app?order=" + order,
                "for-images",
                "{\"shop\": {\"Tag\": \"docker.example.com/shop:" + version
                        + "\", \"Digest\": \"docker.example.com/shop@sha256:" + digit.repeat(64) + "\"}}");
    }

    private void report(ServeProcess jenkins, String sha, String state) {
        post(
                jenkins,
                "status/cfg-app",
                "for-reporters",
                "{\"sha\": \"" + sha + "\", \"context\": \"ci/check\", \"state\": \"" + state + "\", \"run\": " + ++run
                        + "}");
    }

    private void post(ServeProcess jenkins, String path, String secret, String body) {
        try {
            int status = jenkins.post(path, secret, "demo-" + ++run, body);
            screen.fact(status == 202, "POST " + path + " is answered with " + status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
