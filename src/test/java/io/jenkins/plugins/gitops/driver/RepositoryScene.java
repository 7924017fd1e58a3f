package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.CheckWatch;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositorySettingsBuilder;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.generation.GeneratorSettings;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.ImageSetLayout.Layout;
import io.jenkins.plugins.gitops.registry.SignaturePolicy;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/** A config repository, drivers with clones of their own, and people and CI. On disk these use git itself. */
final class RepositoryScene implements AutoCloseable {

    static final String CHECK = "ci/check";

    private static final List<RequiredCheck> REPORTED =
            List.of(new RequiredCheck(CHECK, RequiredCheck.REPORTED, false, List.of()));

    private static final String STATE = RefNames.defaultState("main");

    private static final List<Wave> WAVES =
            List.of(Wave.named("staging").build(), Wave.named("preview").build());

    /** The folder of everything on disk; null in memory. */
    final Path root;

    /** The bare repository on disk; null in memory. */
    final Path remote;

    final ManualClock clock;
    final DeployedApplications applications;
    private final SceneOrigin origin;
    private final String url;
    private final List<Driver> drivers = new ArrayList<>();
    private long run;

    /** A scene in memory. */
    static RepositoryScene inMemory() {
        var clock = new ManualClock();
        return new RepositoryScene(null, null, new MemoryOrigin(clock), clock);
    }

    /** A scene whose drivers reach the repository as a file. */
    static RepositoryScene onDisk(Path root) {
        Path remote = GitCli.createBare(root.resolve("cfg-app.git"), "main");
        return new RepositoryScene(root, remote, remote.toUri().toString(), null);
    }

    /** A scene whose drivers reach the repository {@code cfg-app} of a server, as bot with a password. */
    static RepositoryScene served(Path root, GitHttpServer server, String password) {
        Path remote = server.create("cfg-app", "main");
        return new RepositoryScene(
                root, remote, server.url("cfg-app"), new UsernamePasswordCredentialsProvider("bot", password));
    }

    RepositoryScene(Path root, Path remote, String url, CredentialsProvider credentials) {
        this(root, remote, new DiskOrigin(root, remote, url, credentials), new ManualClock());
    }

    private RepositoryScene(Path root, Path remote, SceneOrigin origin, ManualClock clock) {
        this.root = root;
        this.remote = remote;
        this.origin = origin;
        this.clock = clock;
        url = origin.url();
        applications = new DeployedApplications(url);
        byHand("README.md", "A config repository\n", "Begin");
    }

    RepositorySettings settings() {
        return settings(url);
    }

    RepositorySettings settings(boolean onlyWhenDigestsChange) {
        return settings(url, STATE, onlyWhenDigestsChange, List.of(), WAVES);
    }

    /** Settings with a generator. */
    RepositorySettings generating() {
        return generating(url);
    }

    static RepositorySettings generating(String url) {
        return generator(url, "acme/generate").build();
    }

    /** Settings with a generator, to be completed. */
    RepositorySettingsBuilder generator(String job) {
        return generator(url, job);
    }

    private static RepositorySettingsBuilder generator(String url, String job) {
        return builder(url, STATE, false, List.of(), WAVES, REPORTED)
                .generator(Optional.of(new GeneratorSettings(job, Duration.ofMinutes(15))));
    }

    /** Settings with another layout of image files. */
    RepositorySettings with(Layout layout) {
        return builder(url, STATE, false, List.of(), WAVES, REPORTED)
                .layout(layout)
                .build();
    }

    RepositorySettings settings(List<Wave> waves) {
        return settings(url, STATE, false, List.of(), waves);
    }

    RepositorySettings settings(List<Wave> waves, List<String> imageSets) {
        return settings(url, STATE, false, imageSets, waves);
    }

    RepositorySettings settingsWithState(String stateRef) {
        return settings(url, stateRef, false, List.of(), WAVES);
    }

    static RepositorySettings settings(String url) {
        return settings(url, STATE, false, List.of(), WAVES);
    }

    static RepositorySettings settings(String url, List<Wave> waves) {
        return settings(url, STATE, false, List.of(), waves);
    }

    private static RepositorySettings settings(
            String url, String stateRef, boolean onlyWhenDigestsChange, List<String> imageSets, List<Wave> waves) {
        return settings(url, stateRef, onlyWhenDigestsChange, imageSets, waves, REPORTED);
    }

    private static RepositorySettings settings(
            String url,
            String stateRef,
            boolean onlyWhenDigestsChange,
            List<String> imageSets,
            List<Wave> waves,
            List<RequiredCheck> checks) {
        return builder(url, stateRef, onlyWhenDigestsChange, imageSets, waves, checks)
                .build();
    }

    private static RepositorySettingsBuilder builder(
            String url,
            String stateRef,
            boolean onlyWhenDigestsChange,
            List<String> imageSets,
            List<Wave> waves,
            List<RequiredCheck> checks) {
        return RepositorySettings.named("cfg-app", url)
                .mainBranch("main")
                .stateRef(stateRef)
                .imageSets(imageSets)
                .generatedPaths(new PathPatterns(List.of("generated/**")))
                .onlyWhenDigestsChange(onlyWhenDigestsChange)
                .requiredChecks(checks)
                .waves(waves);
    }

    /** Settings with other required checks. */
    RepositorySettings requiring(RequiredCheck... checks) {
        return settings(url, STATE, false, List.of(), WAVES, List.of(checks));
    }

    Driver driver(String name) throws GitOpsException {
        return driver(name, settings());
    }

    Driver driver(String name, RepositorySettings settings) throws GitOpsException {
        return driver(name, settings, CheckWatch.ofNothing(), clock);
    }

    Driver driver(String name, RepositorySettings settings, CheckWatch checks, Clock clock) throws GitOpsException {
        var repo = origin.open(name);
        var driver = new Driver(settings, repo, applications, checks, clock, "https://" + name + ".example.com/");
        drivers.add(driver);
        return driver;
    }

    /** A driver whose commits are signed. */
    Driver driver(String name, RepositorySettings settings, CredentialsSource signing) throws GitOpsException {
        var repo = origin.open(name, signing);
        var driver = new Driver(settings, repo, applications, clock, "https://" + name + ".example.com/");
        drivers.add(driver);
        return driver;
    }

    /** Settings of waves of which some take signed images only. */
    RepositorySettings signed(SignaturePolicy policy, List<Wave> waves) {
        return builder(url, STATE, false, List.of(), waves, REPORTED)
                .signatures(policy)
                .build();
    }

    /** Settings with which only commits of some signers count. */
    RepositorySettings trusting(String... publicKeys) {
        return builder(url, STATE, false, List.of(), WAVES, REPORTED)
                .trustedSigners(List.of(publicKeys))
                .build();
    }

    /** Where the changes are that wait on auto, lowest first. */
    static List<ChangeStatus> queue(Driver driver) throws IOException {
        return driver.state().orElseThrow().auto().stream()
                .map(RepositoryState.QueuedChange::status)
                .toList();
    }

    /** Images whose digest depends on service and version alone. */
    static ImageSet images(String... servicesAndVersions) {
        var images = new TreeMap<String, ImageRef>();
        for (int i = 0; i < servicesAndVersions.length; i += 2) {
            images.put(servicesAndVersions[i], image(servicesAndVersions[i], servicesAndVersions[i + 1]));
        }
        return ImageSet.of(images);
    }

    static ImageRef image(String service, String version) {
        return new ImageRef("docker.example.com/" + service.toLowerCase(), version, digest(service + ":" + version));
    }

    static String digest(String content) {
        return "sha256:" + HexDigest.sha256(content);
    }

    /** A new announcement for staging by a build, as {@code <job>#<number>}. */
    static NewChange change(String order, ImageSet images) {
        ChangeTrailers trailers = trailers(ChangeOperation.ANNOUNCE, WavePath.of("staging"), order)
                .appSha("7d1043473d55bfa90e8530d35801d4e381bc69f0")
                .buildUrl("https://jenkins.example.com/job/" + order.replace('#', '/') + "/")
                .build();
        return new NewChange(trailers, images);
    }

    /** What a build, as {@code <job>#<number>}, says of a new change, with a new id. */
    static ChangeTrailers.Builder trailers(ChangeOperation operation, WavePath path, String order) {
        return ChangeTrailers.builder(NewChange.newId(), operation, path)
                .order(BuildSequence.of(order))
                .reason("new images published");
    }

    /** Appends a change and lets its driver do a round. */
    SubmittedChange announce(Driver driver, String order, String... servicesAndVersions) throws GitOpsException {
        return answer(driver, new AppendChange(change(order, images(servicesAndVersions))));
    }

    /** Submits a request and lets the driver do a round, which answers. */
    <T> T answer(Driver driver, DriverRequest<T> request) throws GitOpsException {
        return answer(driver, driver.submit(request));
    }

    /** Lets the driver do a round, which answers. */
    <T> T answer(Driver driver, CompletableFuture<T> asked) throws GitOpsException {
        driver.round();
        if (!asked.isDone()) {
            throw new AssertionError("a round left a request unanswered");
        }
        try {
            return asked.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** CI reports on a commit, in a run of its own, and the driver does a round. */
    boolean report(Driver driver, String sha, CheckState state) throws GitOpsException {
        return report(driver, sha, state, ++run);
    }

    boolean report(Driver driver, String sha, CheckState state, long number) throws GitOpsException {
        run = Math.max(run, number);
        return answer(
                driver,
                new RecordReport(new CheckReport(
                        sha,
                        new CheckStatus(
                                CHECK,
                                state,
                                Optional.of("https://ci.example.com/" + number),
                                Optional.empty(),
                                clock.instant(),
                                number),
                        "ci")));
    }

    /** Somebody commits a file and pushes it to main. */
    String byHand(String file, String content, String subject) {
        return byHand("main", file, content, subject);
    }

    /** Somebody commits a file on top of a branch and pushes it there. */
    String byHand(String branch, String file, String content, String subject) {
        return origin.commit(branch, file, content, subject);
    }

    /** A clone of its own, for who looks without a driver. */
    ConfigRepoClone clone(String name) throws GitOpsException {
        return origin.open(name);
    }

    private DiskOrigin onDisk() {
        return (DiskOrigin) origin;
    }

    /** Where people work on disk. */
    Path checkout() {
        return onDisk().checkout();
    }

    /** Runs git in the bare repository on disk and returns what it printed. */
    String git(String... arguments) {
        return onDisk().git(arguments);
    }

    boolean refExists(String ref) {
        return origin.find(ref).isPresent();
    }

    /** The SHA of a revision: a ref, a branch, or one of their first parents, as {@code main~1}. */
    String sha(String revision) {
        return origin.find(revision).orElseThrow(() -> new AssertionError("there is no " + revision));
    }

    String main() {
        return sha("refs/heads/main");
    }

    String auto() {
        return sha("refs/heads/auto");
    }

    /** The SHAs from main to auto, oldest first. */
    List<String> queue() {
        return line("main", "auto");
    }

    /** The SHAs from a revision, which is left out, to another, oldest first. */
    List<String> line(String from, String to) {
        return origin.line(from, to);
    }

    /** The number of commits of a line, to a revision. */
    int length(String revision) {
        return line("", revision).size();
    }

    /** The text of a file without white space at its ends. */
    String text(String revision, String file) {
        return origin.text(revision, file);
    }

    /** The paths of the files of a folder, or of all if that is empty. */
    List<String> files(String revision, String folder) {
        return origin.files(revision, folder);
    }

    /** The whole message of a commit. */
    String message(String revision) {
        return origin.message(revision);
    }

    /** The SHAs of all refs. */
    Map<String, String> refs() {
        return origin.refs();
    }

    /** Somebody moves a ref, whatever it is now. */
    void move(String ref, String revision) {
        origin.move(ref, revision);
    }

    /** Somebody deletes a ref. */
    void delete(String ref) {
        origin.delete(ref);
    }

    /** The tag of a service in staging, at a revision. */
    String tag(String revision, String service) {
        return text(revision, "images/staging/tags.json")
                .lines()
                .filter(line -> line.contains("\"" + service + "\""))
                .map(line -> line.replaceAll(".*:([^\":]*)\".*", "$1"))
                .findFirst()
                .orElse("");
    }

    /** What the state ref says of a change. */
    String state(String id) {
        String state = RefNames.defaultState("main");
        return files(state, "changes/").stream()
                .filter(path -> path.endsWith("/" + id + ".json"))
                .map(path -> text(state, path))
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        drivers.forEach(Driver::close);
        origin.close();
    }
}
