package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.generation.GeneratedTrees;
import io.jenkins.plugins.gitops.generation.GeneratorSettings;
import io.jenkins.plugins.gitops.git.GitObjects;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.ImageSetLayout.Layout;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;

/** A config repository in memory with a main and a queue on it, without a server and without a driver. */
final class AutoBranchFixture {

    static final WavePath STAGING = WavePath.of("staging");
    static final WavePath INTERNAL = WavePath.of("internal");
    static final String README = "README.md";
    static final String LINES = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

    final Repository git = new MemoryRepository();
    final GitObjects objects = new GitObjects(git);
    final AutoBranch branch;
    ObjectId main;
    ObjectId auto;

    /** When the latest commit was made, in seconds since the epoch; each is made a second after the one before. */
    private long seconds = 1_795_425_000L;

    AutoBranchFixture() {
        this(false, PathPatterns.NONE);
    }

    AutoBranchFixture(boolean onlyWhenDigestsChange, PathPatterns generated) {
        this(onlyWhenDigestsChange, generated, Optional.empty());
    }

    AutoBranchFixture(boolean onlyWhenDigestsChange, PathPatterns generated, Optional<GeneratorSettings> generator) {
        var folders = Map.of(STAGING, "images/staging", INTERNAL, "images/internal");
        branch = new AutoBranch(
                git,
                new ImageSetStore(git, Layout.TAGS_AND_DIGESTS, folders),
                () -> person("GitOps Waves"),
                "chore: update app to {shortSha}",
                onlyWhenDigestsChange,
                new GeneratedTrees(git, generated, generator));
        main = objects.commit(List.of(), Map.of(README, objects.blob(LINES)), "Begin\n", person("Ada"));
        auto = main;
    }

    private PersonIdent person(String name) {
        seconds++;
        return new PersonIdent(name, "somebody@example.com", now(), ZoneOffset.UTC);
    }

    /** When the latest commit was made. */
    Instant now() {
        return Instant.ofEpochSecond(seconds);
    }

    // ---- images -------------------------------------------------------------------------------------------------

    /** A set of services and the versions that are their tags. */
    static ImageSet images(String... servicesAndVersions) {
        var images = new TreeMap<String, ImageRef>();
        for (int i = 0; i < servicesAndVersions.length; i += 2) {
            String service = servicesAndVersions[i];
            images.put(service, image(service, servicesAndVersions[i + 1], servicesAndVersions[i + 1]));
        }
        return ImageSet.of(images);
    }

    /** An image whose digest depends on its content alone. */
    static ImageRef image(String service, String version, String content) {
        String digest = "%064x".formatted((service + content).hashCode() & 0xffffffffL);
        return new ImageRef("docker.example.com/" + service, version, "sha256:" + digest);
    }

    /** The versions of a wave's services in a commit. */
    Map<String, String> versions(ObjectId commit, WavePath path) throws IOException {
        var versions = new TreeMap<String, String>();
        branch.images().read(commit, path).images().forEach((service, image) -> versions.put(service, image.tag()));
        return versions;
    }

    // ---- changes ------------------------------------------------------------------------------------------------

    /** What a build, as {@code <job>#<number>}, says of a new change. */
    static ChangeTrailers.Builder trailers(ChangeOperation operation, String order) {
        return ChangeTrailers.builder(NewChange.newId(), operation, STAGING)
                .order(BuildSequence.of(order))
                .reason("new images published");
    }

    static NewChange change(ChangeOperation operation, String order, String... servicesAndVersions) {
        return new NewChange(trailers(operation, order).build(), images(servicesAndVersions));
    }

    /** A promotion from staging to internal of the set that staging has in a commit. */
    NewChange promotion(ObjectId source) throws IOException {
        ChangeTrailers trailers = ChangeTrailers.builder(NewChange.newId(), ChangeOperation.PROMOTE, INTERNAL)
                .sourceWave("staging")
                .sourceSha(source.name())
                .build();
        return new NewChange(trailers, branch.images().read(source, STAGING));
    }

    /** Appends a change to the queue; a commit becomes its new tip. */
    AppendResult append(NewChange change) throws IOException {
        AppendResult result;
        try {
            result = branch.appender().append(queue(), change);
        } catch (RequestRefused e) {
            throw new AssertionError(e);
        }
        if (result instanceof AppendResult.Commit commit) {
            auto = commit.commit().sha();
        }
        return result;
    }

    /** Appends a change that needs a commit. */
    QueuedCommit queued(NewChange change) throws IOException {
        AppendResult result = append(change);
        assertThat(result).isInstanceOf(AppendResult.Commit.class);
        return ((AppendResult.Commit) result).commit();
    }

    QueuedCommit announced(String order, String... servicesAndVersions) throws IOException {
        return queued(change(ChangeOperation.ANNOUNCE, order, servicesAndVersions));
    }

    // ---- commits by hand ----------------------------------------------------------------------------------------

    /** A commit by a person that writes a file, on another commit. */
    ObjectId commit(ObjectId parent, String path, String text, String message) {
        TreeMap<String, ObjectId> files = objects.files(parent);
        files.put(path, objects.blob(text));
        return objects.commit(List.of(parent), files, message, person("Ada"));
    }

    /** Moves main to a commit by a person. */
    void pushToMain(String path, String text) {
        main = commit(main, path, text, "By hand on main\n");
    }

    /** Adds many commits by persons to main, which change no file. */
    void pushToMain(int commits) throws IOException {
        var commit = new CommitBuilder();
        commit.setTreeId(objects.tree(main));
        commit.setMessage("By hand on main\n");
        try (ObjectInserter inserter = git.newObjectInserter()) {
            for (int i = 0; i < commits; i++) {
                PersonIdent ada = person("Ada");
                commit.setParentId(main);
                commit.setAuthor(ada);
                commit.setCommitter(ada);
                main = inserter.insert(commit);
            }
            inserter.flush();
        }
    }

    /** Adds a commit by a person to the queue. */
    QueuedCommit pushToQueue(String path, String text) throws IOException {
        auto = commit(auto, path, text, "By hand in the queue\n");
        List<QueuedCommit> commits = queue().commits();
        return commits.get(commits.size() - 1);
    }

    /** Moves main to a commit of the queue. */
    void merge(QueuedCommit commit) {
        main = commit.sha();
    }

    // ---- the queue ----------------------------------------------------------------------------------------------

    CommitQueue queue() throws IOException {
        return branch.queue().read(main, auto);
    }

    /** Replays the whole queue on main. */
    ReplayResult replay() throws IOException {
        ReplayResult result = branch.replayer().replay(main, List.of(), queue().commits());
        auto = result.tip();
        return result;
    }

    /** Takes a commit out of the queue and replays the commits above it on the one below it. */
    ReplayResult replayWithout(QueuedCommit evicted) throws IOException {
        List<QueuedCommit> commits = queue().commits();
        int index = commits.indexOf(evicted);
        ReplayResult result =
                branch.replayer().replay(main, commits.subList(0, index), commits.subList(index + 1, commits.size()));
        auto = result.tip();
        return result;
    }

    String text(ObjectId commit, String path) {
        return objects.text(objects.files(commit).get(path));
    }
}
