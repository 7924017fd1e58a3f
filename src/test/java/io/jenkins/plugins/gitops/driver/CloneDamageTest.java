package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.eclipse.jgit.util.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each file of a clone is damaged in each way, before the driver starts and while it runs. Afterwards a change is
 * appended and merged, and git itself says that main, auto and the state are right.
 */
class CloneDamageTest {

    /** Files that git may keep in a clone although this one has none. */
    private static final List<String> FOREIGN = List.of("shallow", "FETCH_HEAD", "info/refs", "objects/info/packs");

    @TempDir
    Path root;

    private Path remote;
    private Path clone;
    private String url;
    private final ManualClock clock = new ManualClock();
    private NewChange queued;
    private String queuedSha;
    private long run;

    /** A way to damage a file. */
    private enum Damage {
        EMPTIED(file -> overwrite(file, new byte[0])),
        CUT_OFF(file -> {
            byte[] content = Files.readAllBytes(file);
            overwrite(file, Arrays.copyOf(content, content.length / 2));
        }),
        FLIPPED_AT_THE_START(file -> flip(file, 0)),
        FLIPPED_EARLY(file -> flip(file, 0.2)),
        FLIPPED_IN_THE_MIDDLE(file -> flip(file, 0.55)),
        FLIPPED_AT_THE_END(file -> flip(file, 0.97)),
        DELETED(Files::delete),
        A_FOLDER(file -> {
            Files.delete(file);
            Files.createDirectories(file.resolve("x"));
            Files.writeString(file.resolve("x/y"), "z");
        }),
        LOCKED(file -> {
            file.toFile().setReadOnly();
            Files.writeString(file.resolveSibling(file.getFileName() + ".lock"), "");
        });

        private final Harm harm;

        Damage(Harm harm) {
            this.harm = harm;
        }

        void to(Path file) throws IOException {
            harm.to(file);
        }

        static void overwrite(Path file, byte[] content) throws IOException {
            Files.delete(file);
            Files.write(file, content);
        }

        static void flip(Path file, double where) throws IOException {
            byte[] content = Files.readAllBytes(file);
            content[(int) (where * content.length)] ^= 0x15;
            overwrite(file, content);
        }
    }

    /** A clone with packs, loose objects, packed refs and loose refs, with a queued change. */
    @BeforeEach
    void begin() throws Exception {
        remote = GitCli.createBare(root.resolve("cfg-app.git"), "main");
        clone = root.resolve("clone.git");
        url = remote.toUri().toString();
        Path checkout = root.resolve("checkout");
        GitCli.run(root, "clone", "-q", remote.toString(), checkout.toString());
        byHand(checkout, "README.md", "A config repository\n");
        try (Driver driver = driver()) {
            String first = announce(driver, RepositoryScene.change("app#1", RepositoryScene.images("api", "v1")));
            report(driver, first);
            byHand(checkout, "docs/hello.md", "Hello\n");
            driver.round();
            GitCli.run(clone, "gc", "-q");
            String second = announce(driver, RepositoryScene.change("app#2", RepositoryScene.images("api", "v2")));
            report(driver, second);
            queued = RepositoryScene.change("web#1", RepositoryScene.images("web", "v1"));
            queuedSha = announce(driver, queued);
        }
        for (Path repository : List.of(remote, clone)) {
            FileUtils.delete(repository.resolve("hooks").toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
        }
        copy(remote, root.resolve("remote.saved"));
        copy(clone, root.resolve("clone.saved"));
    }

    private void byHand(Path checkout, String file, String content) throws IOException {
        if (GitCli.succeeds(checkout, "fetch", "-q", "origin", "main")) {
            GitCli.run(checkout, "checkout", "-q", "--detach", "FETCH_HEAD");
        }
        Files.createDirectories(checkout.resolve(file).getParent());
        Files.writeString(checkout.resolve(file), content);
        GitCli.run(checkout, "add", "-A");
        GitCli.run(checkout, "commit", "-q", "-m", "Write " + file);
        GitCli.run(checkout, "push", "-q", "origin", "HEAD:refs/heads/main");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private Driver driver() throws RepoUnavailable {
        return driver(() -> null);
    }

    private Driver driver(CredentialsSource credentials) throws RepoUnavailable {
        return new Driver(
                RepositoryScene.settings(url),
                ConfigRepoClone.open(clone, url, credentials),
                ApplicationLookup.NONE,
                clock,
                "https://jenkins.example.com/");
    }

    private static <T> T answer(Driver driver, DriverRequest<T> request) throws RepoUnavailable {
        CompletableFuture<T> answer = driver.submit(request);
        driver.round();
        return answer.getNow(null);
    }

    private static String announce(Driver driver, NewChange change) throws RepoUnavailable {
        return answer(driver, new AppendChange(change)).sha();
    }

    private void report(Driver driver, String sha) throws RepoUnavailable {
        assertThat(answer(driver, new RecordReport(new CheckReport(sha, green(), "ci"))))
                .isTrue();
    }

    private CheckStatus green() {
        run++;
        return new CheckStatus(
                RepositoryScene.CHECK, CheckState.SUCCESS, Optional.empty(), Optional.empty(), clock.instant(), run);
    }

    private void restore() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("clone.git"))
                    .toList()) {
                FileUtils.delete(file.toFile(), FileUtils.RECURSIVE);
            }
        }
        FileUtils.delete(remote.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
        copy(root.resolve("remote.saved"), remote);
        copy(root.resolve("clone.saved"), clone);
    }

    /** Does something to a file, or to a folder with files. */
    private interface Harm {
        void to(Path file) throws IOException;
    }

    /** What goes wrong when the clone is damaged like that, or nothing. */
    private Optional<String> tried(Harm harm, boolean atStart) {
        try {
            restore();
            if (atStart) {
                harm.to(clone);
            }
            try (Driver driver = driver()) {
                if (!atStart) {
                    driver.round();
                    harm.to(clone);
                }
                NewChange change = RepositoryScene.change("app#3", RepositoryScene.images("api", "v3"));
                report(driver, announce(driver, change));
                checkWithGit(change);
            }
            return Optional.empty();
        } catch (Exception | AssertionError e) {
            return Optional.of(String.valueOf(e));
        }
    }

    private void checkWithGit(NewChange change) {
        String[] refs = git("rev-parse", "main", "auto", "main~1").split("\n");
        assertThat(refs[1]).as("auto").isEqualTo(refs[0]);
        assertThat(refs[2]).as("what was queued is below main").isEqualTo(queuedSha);
        assertThat(git("log", "-1", "--format=%(trailers:key=Autocommit-Id,valueonly)", "main"))
                .isEqualTo(change.id());
        String ended = RefNames.defaultState("main") + ":changes/"
                + LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC) + "/";
        assertThat(git("show", ended + queued.id() + ".json", ended + change.id() + ".json")
                        .split("\"merged\"", -1))
                .as("both ended as merged")
                .hasSize(3);
    }

    private String git(String... arguments) {
        return GitCli.run(remote, arguments).strip();
    }

    private List<String> files() throws IOException {
        Path saved = root.resolve("clone.saved");
        var files = new TreeSet<>(FOREIGN);
        try (Stream<Path> all = Files.walk(saved)) {
            all.filter(Files::isRegularFile)
                    .map(file -> saved.relativize(file).toString())
                    .forEach(files::add);
        }
        return List.copyOf(files);
    }

    /** Files of which each damage is tried; of the others one or two each, unless {@code clonedamage.all} is set. */
    private static boolean isVital(String file) {
        return file.matches("HEAD|config|packed-refs|refs/heads/(main|auto)|.*/state|.*\\.(pack|idx)");
    }

    @Test
    void aDamagedCloneGivesWayToANewOne() throws Exception {
        Logger.getLogger("org.eclipse.jgit").setLevel(Level.OFF);
        List<String> files = files();
        assertThat(files).filteredOn(CloneDamageTest::isVital).hasSize(8);
        var wrong = new ArrayList<String>();
        int tried = 0;
        for (String file : files) {
            for (Damage damage : Damage.values()) {
                if (!isVital(file) && !Boolean.getBoolean("clonedamage.all") && (tried + damage.ordinal()) % 13 != 0) {
                    continue;
                }
                for (boolean atStart : new boolean[] {true, false}) {
                    tried++;
                    String name = file + " " + damage + (atStart ? " at the start" : " at run time");
                    tried(clone -> harm(clone.resolve(file), damage), atStart)
                            .ifPresent(what -> wrong.add(name + ": " + what));
                }
            }
        }
        assertThat(wrong).as("of %d damages", tried).isEmpty();
        assertThat(tried).isGreaterThan(120);
    }

    private static void harm(Path file, Damage damage) throws IOException {
        if (!Files.exists(file)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "7d1043473d55bfa90e8530d35801d4e381bc69f0\n");
        }
        damage.to(file);
    }

    /** Whatever of the clone is deleted or only that is left, the driver starts. */
    @Test
    void whateverIsLeftOfACloneIsNoObstacle() throws Exception {
        var wrong = new ArrayList<String>();
        for (String part : List.of("refs", "objects", "objects/pack", "info")) {
            tried(clone -> FileUtils.delete(clone.resolve(part).toFile(), FileUtils.RECURSIVE), true)
                    .ifPresent(what -> wrong.add("without " + part + ": " + what));
            tried(clone -> FileUtils.delete(clone.resolve(part).toFile(), FileUtils.RECURSIVE), false)
                    .ifPresent(what -> wrong.add("without " + part + " at run time: " + what));
        }
        for (String left : List.of("refs", "HEAD", "config", "packed-refs", "objects")) {
            tried(clone -> keepOnly(clone, left), true).ifPresent(what -> wrong.add("only " + left + ": " + what));
        }
        assertThat(wrong).isEmpty();
    }

    private static void keepOnly(Path clone, String left) throws IOException {
        try (Stream<Path> files = Files.list(clone)) {
            for (Path file : files.filter(each -> !each.endsWith(left)).toList()) {
                FileUtils.delete(file.toFile(), FileUtils.RECURSIVE);
            }
        }
    }

    private static void write(Path file, String content) throws IOException {
        FileUtils.delete(file.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static void linkToItself(Path file) throws IOException {
        write(file, "");
        Files.delete(file);
        Files.createSymbolicLink(file, file.getFileName());
    }

    private static void delete(Path folder) throws IOException {
        FileUtils.delete(folder.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
    }

    private static String objectOf(Path clone, String revision) {
        return GitCli.run(clone, "rev-parse", revision).strip() + "\n";
    }

    /** Gives each loose object the content of another one, which JGit would take for it. */
    private static void mixUp(Path clone) throws IOException {
        try (Stream<Path> files = Files.walk(clone.resolve("objects"))) {
            List<Path> loose = files.filter(
                            file -> file.getFileName().toString().matches("[0-9a-f]{38}"))
                    .sorted()
                    .toList();
            byte[] next = Files.readAllBytes(loose.get(loose.size() - 1));
            for (Path file : loose) {
                byte[] own = Files.readAllBytes(file);
                Damage.overwrite(file, next);
                next = own;
            }
        }
    }

    private static void configure(Path clone, String... settings) {
        for (String setting : settings) {
            String[] parts = setting.split("=");
            GitCli.run(clone, "config", parts[0], parts[1]);
        }
    }

    /** What can be wrong with a clone whose files are each whole. */
    private static Map<String, Harm> contradictions() {
        var harms = new TreeMap<String, Harm>();
        for (String ref : List.of("refs/heads/main", "refs/heads/auto", RefNames.defaultState("main"))) {
            harms.put(ref + " names a file", clone -> write(clone.resolve(ref), objectOf(clone, "main:README.md")));
            harms.put(ref + " names a folder", clone -> write(clone.resolve(ref), objectOf(clone, "main^{tree}")));
            harms.put(ref + " is itself", clone -> write(clone.resolve(ref), "ref: " + ref + "\n"));
            harms.put(ref + " is a link to itself", clone -> linkToItself(clone.resolve(ref)));
        }
        for (String folder : List.of("refs", "refs/heads", "refs/gitops-waves", "objects", "objects/pack")) {
            harms.put(folder + " is a ref", clone -> write(clone.resolve(folder), objectOf(clone, "main")));
            harms.put(folder + " is a link to itself", clone -> linkToItself(clone.resolve(folder)));
        }
        harms.put(
                "another format of refs",
                clone -> configure(clone, "core.repositoryFormatVersion=1", "extensions.refStorage=reftable"));
        harms.put(
                "another format of objects",
                clone -> configure(clone, "core.repositoryFormatVersion=1", "extensions.objectFormat=sha256"));
        harms.put("settings that cannot be read", clone -> configure(clone, "receive.fsckObjects=x", "pack.depth=x"));
        harms.put("a commit-graph", clone -> {
            GitCli.run(clone, "commit-graph", "write", "--reachable");
            configure(clone, "core.commitGraph=true");
            Damage.flip(clone.resolve("objects/info/commit-graph"), 0.6);
        });
        harms.put("an index of packs", clone -> {
            GitCli.run(clone, "multi-pack-index", "write");
            Damage.flip(clone.resolve("objects/pack/multi-pack-index"), 0.6);
        });
        harms.put(
                "objects elsewhere",
                clone -> write(
                        clone.resolve("objects/info/alternates"), "/nowhere\n" + clone.resolve("objects") + "\n"));
        harms.put("an empty pack", clone -> {
            write(clone.resolve("objects/pack/pack-7d1043473d55bfa90e8530d35801d4e381bc69f0.idx"), "");
            write(clone.resolve("objects/pack/pack-7d1043473d55bfa90e8530d35801d4e381bc69f0.pack"), "");
        });
        harms.put("the clone is a link to itself", CloneDamageTest::linkToItself);
        return harms;
    }

    @Test
    void aCloneThatContradictsItselfGivesWayToANewOne() throws Exception {
        Logger.getLogger("org.eclipse.jgit").setLevel(Level.OFF);
        var wrong = new ArrayList<String>();
        contradictions().forEach((name, harm) -> {
            tried(harm, true).ifPresent(what -> wrong.add(name + " at the start: " + what));
            tried(harm, false).ifPresent(what -> wrong.add(name + " at run time: " + what));
        });
        // At run time JGit reads an object without comparing it with its name.
        tried(CloneDamageTest::mixUp, true).ifPresent(what -> wrong.add("objects that are mixed up: " + what));
        assertThat(wrong).isEmpty();
    }

    /** Each connection to the server looks for credentials, so that a round can be disturbed there. */
    @Test
    void aCloneThatIsDamagedInARoundAndThenAgainIsReplacedEachTime() throws Exception {
        var wrong = new ArrayList<String>();
        for (Set<Integer> connections : List.of(Set.of(1), Set.of(2), Set.of(1, 2), Set.of(2, 4, 6, 8))) {
            for (Harm harm : List.<Harm>of(
                    CloneDamageTest::delete,
                    CloneDamageTest::linkToItself,
                    clone -> delete(clone.resolve("objects/pack")),
                    clone -> write(clone.resolve("refs/heads"), "x"),
                    clone -> write(clone.resolve("config"), "[core"))) {
                disturbed(harm, connections).ifPresent(what -> wrong.add(connections + ": " + what));
            }
        }
        assertThat(wrong).isEmpty();
    }

    private Optional<String> disturbed(Harm harm, Set<Integer> connections) throws IOException {
        restore();
        var connection = new AtomicInteger(Integer.MIN_VALUE);
        CredentialsSource disturbing = () -> {
            if (connections.contains(connection.incrementAndGet())) {
                harmed(harm);
            }
            return null;
        };
        try (Driver driver = driver(disturbing)) {
            driver.round();
            connection.set(0);
            NewChange change = RepositoryScene.change("app#3", RepositoryScene.images("api", "v3"));
            String sha = asked(driver, new AppendChange(change)).sha();
            assertThat(asked(driver, new RecordReport(new CheckReport(sha, green(), "ci"))))
                    .isTrue();
            checkWithGit(change);
            return Optional.empty();
        } catch (RepoUnavailable | RuntimeException | AssertionError e) {
            return Optional.of(String.valueOf(e));
        }
    }

    private void harmed(Harm harm) {
        try {
            harm.to(clone);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs rounds as the driver's loop does, in which a second damage may end one. */
    private static <T> T asked(Driver driver, DriverRequest<T> request) throws RepoUnavailable {
        CompletableFuture<T> answer = driver.submit(request);
        for (int round = 0; !answer.isDone(); round++) {
            try {
                driver.round();
            } catch (RepoUnavailable e) {
                assertThat(e).isNotInstanceOf(RepoMisconfigured.class);
                assertThat(round).isLessThan(5);
            }
        }
        return answer.join();
    }
}
