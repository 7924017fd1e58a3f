package sandbox.demo;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * The command {@code sandbox/gitops demo [--keep DIR] [--serve PORT] [--argocd URL] [--verbose]}: brings images from build to
 * production with real repositories and a simulated Argo CD, or a real one. The printed facts are read from the repositories
 * and from Argo CD; an unexpected fact ends the demo with exit code 1.
 */
public final class Demo {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 64;

    /** The variable from which Argo CD's own command line takes a token, too. */
    private static final String TOKEN = "ARGOCD_AUTH_TOKEN";

    /** Says that no page is served. */
    static final int NO_PORT = -1;

    private Demo() {}

    /**
     * Runs the demo and ends the process.
     *
     * @param arguments the folder of the project, then the arguments of {@code sandbox/gitops demo}
     */
    public static void main(String[] arguments) {
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        Path project = Path.of(rest.remove());
        Path keep = null;
        int port = NO_PORT;
        boolean verbose = false;
        ArgoCdAccess argo = null;
        while (!rest.isEmpty()) {
            String option = rest.remove();
            switch (option) {
                case "--keep" -> {
                    if (rest.isEmpty()) {
                        wrongUsage("--keep needs a folder.");
                    }
                    keep = Path.of(rest.remove()).toAbsolutePath();
                }
                case "--serve" -> {
                    if (rest.isEmpty() || !rest.peek().matches("\\d{1,5}")) {
                        wrongUsage("--serve needs a port, or 0 for any that is free.");
                    }
                    port = Integer.parseInt(rest.remove());
                }
                case "--argocd" -> {
                    if (rest.isEmpty() || !rest.peek().matches("https?://[^/?#@]+/?")) {
                        wrongUsage("--argocd needs the address of an Argo CD, such as http://127.0.0.1:8080.");
                    }
                    if (System.getenv(TOKEN) == null) {
                        wrongUsage("--argocd takes the token from the variable " + TOKEN + ", which is not set.");
                    }
                    argo = new ArgoCdAccess(URI.create(rest.remove().replaceAll("/$", "")), System.getenv(TOKEN));
                }
                case "--verbose" -> verbose = true;
                default ->
                    wrongUsage("'" + option
                            + "' is not known; it takes --keep DIR, --serve PORT, --argocd URL and --verbose.");
            }
        }
        boolean colours = System.console() != null && System.getenv("NO_COLOR") == null;
        System.exit(run(project, keep, port, argo, new DemoScreen(System.out, System.err, colours, verbose)));
    }

    private static void wrongUsage(String sentence) {
        System.err.println("sandbox/gitops demo: " + sentence);
        System.exit(WRONG_USAGE);
    }

    /**
     * Runs the demo; returns the exit code.
     *
     * @param port where the live page is served, also afterwards until a signal ends it, or {@link #NO_PORT}
     * @param argo a real Argo CD, or null for a simulated one
     */
    static int run(Path project, Path keep, int port, @Nullable ArgoCdAccess argo, DemoScreen screen) {
        Instant start = Instant.now();
        Path folder = keep;
        try {
            if (keep == null) {
                folder = Files.createTempDirectory("gitops-demo");
                Path temporary = folder;
                // Also after Ctrl-C.
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(temporary)));
            } else if (!isEmptyOrMissing(keep)) {
                screen.failure("There is something in " + keep + " already; name a folder that is empty or missing.");
                return WRONG_USAGE;
            } else {
                Files.createDirectories(keep);
            }
            Path report = (keep == null ? project.resolve("sandbox/target/demo") : keep).resolve("report.html");
            play(screen, project.resolve("docs/examples/small"), folder.toRealPath(), report, start, port, argo);
        } catch (UnexpectedState e) {
            screen.failure(e.getMessage() + (keep == null ? "" : "\nEverything is kept in " + folder + "."));
            return FAILED;
        } catch (IOException e) {
            screen.failure(String.valueOf(e.getMessage()));
            return FAILED;
        } catch (RuntimeException e) {
            screen.failure(e);
            return FAILED;
        }
        if (keep != null) {
            screen.say("Everything is kept in " + folder + "; git/cfg-app.git in it is the config repository.");
        }
        return 0;
    }

    private static boolean isEmptyOrMissing(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return true;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (NotDirectoryException e) {
            return false;
        }
    }

    private static DemoCluster cluster(
            @Nullable ArgoCdAccess argo, Path config, Path folder, ChangeSignal news, DemoRepositories repositories)
            throws IOException {
        ExampleApplicationSet set = ExampleApplicationSet.read(config.resolve("argocd/applications.yaml"));
        return argo == null
                ? new SimulatedCluster(folder.resolve("argo-cd"), set, repositories)
                : new RealCluster(argo, folder, news, set, repositories);
    }

    private static void play(
            DemoScreen screen,
            Path examples,
            Path folder,
            Path report,
            Instant start,
            int port,
            @Nullable ArgoCdAccess argo)
            throws IOException {
        ChangeSignal news = new ChangeSignal();
        Path config = examples.resolve("cfg-app");
        try (var repositories = new DemoRepositories(folder);
                var cluster = cluster(argo, config, folder, news, repositories);
                var pipelines = new ExamplePipelines(examples, folder, news, repositories, cluster, Math.max(port, 0));
                var ci = new ConfigRepoCi(repositories.tips(), news, pipelines::test, cluster::pushed)) {
            var reader = new ConfigReader(repositories.config());
            var targets = new ArgoReader(cluster.url(), cluster.token("reader"));
            targets.follow(news);
            screen.say("GitOps Waves on real repositories: from an image to staging, and on to production.");
            screen.say("   app.git      " + repositories.appUrl());
            screen.say("   cfg-app.git  " + repositories.configUrl());
            screen.say("   Argo CD      " + cluster.url() + "  (" + cluster.description() + ": "
                    + cluster.names().size() + " applications that deploy from cfg-app.git)");
            screen.say("   Jenkins      " + pipelines.hooksUrl());
            if (port != NO_PORT) {
                screen.say("   live page    " + pipelines.pageUrl());
            }
            screen.say("   Each ✓ is read back with git, from Argo CD's REST API or from the log of a build;");
            screen.say("   --verbose shows how.");
            var operator = repositories.startConfig(config);
            cluster.begin();
            var app = repositories.startApp(examples.resolve("app"));
            String first = GitCli.run(app.directory(), "rev-parse", "HEAD").strip();
            var notifications =
                    new ArgoNotifications(config.resolve("argocd/notifications.yaml"), pipelines.hooksUrl());
            var scene = new DemoScene(screen, news, app, operator, reader, cluster, targets, pipelines, ci);
            new DemoStory(scene).tell(first, notifications, Files.createDirectory(folder.resolve("others")));
            if (screen.isVerbose()) {
                new ClosingReport(screen, reader, targets).show();
            }
            screen.summary();
            Files.createDirectories(report.getParent());
            Files.writeString(report, new HtmlReport(screen.scenes(), reader, targets).html());
            screen.say("");
            screen.say("All of it held, in "
                    + Duration.between(start, Instant.now()).toSeconds() + " seconds and " + pipelines.builds()
                    + " builds. The same to look at: " + report);
            if (port != NO_PORT) {
                screen.say("The page is live, and its buttons work: " + pipelines.pageUrl()
                        + "; SIGTERM or Ctrl+C ends it.");
                Thread.currentThread().join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("The folder " + folder + " cannot be removed: " + e.getMessage());
        }
    }
}
