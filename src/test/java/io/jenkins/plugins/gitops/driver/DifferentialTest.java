package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.ci.Verdict.Color;
import io.jenkins.plugins.gitops.driver.ReferenceScripts.Difference;
import io.jenkins.plugins.gitops.driver.ReferenceScripts.Rebase;
import io.jenkins.plugins.gitops.generation.GeneratedTrees;
import io.jenkins.plugins.gitops.git.GitObjects;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.ImageSetLayout.Layout;
import io.jenkins.plugins.gitops.queue.AppendResult;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.queue.ImageSetStore;
import io.jenkins.plugins.gitops.queue.MergePolicy;
import io.jenkins.plugins.gitops.queue.ReplayResult;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine beside the scripts of the reference architecture, which run on git's own command line: random histories
 * without renames, each step taken by both from the same commits. Where the scripts get through, trees, messages and
 * authors are equal; where they fail or lose something, it is one of the cases of spec section 3.5.
 * {@code differential.seed} replays one history, {@code differential.total} asks for more than a hundred.
 */
class DifferentialTest {

    private static final int STEPS = 8;
    private static final int STEPS_WITH_MANY_SERVICES = 4;
    private static final List<String> FEW_SERVICES = List.of("api", "db", "web");
    private static final int MANY = 2000;

    /** One in so many histories has 2,000 services, with names of 100 characters. */
    private static final int ONE_WITH_MANY = 20;

    private static final String FOLDER = "images/staging/";

    @TempDir
    Path root;

    private Repository git;
    private GitObjects objects;
    private ReferenceScripts scripts;
    private final Map<Difference, Integer> differences = new EnumMap<>(Difference.class);
    private int agreed;

    private Random random;
    private List<String> services = FEW_SERVICES;
    private AutoBranch branch;
    private ObjectId main;
    private ObjectId auto;
    private int commits;

    /** The scripts have lost a commit, so that from here on they tell nothing. */
    private boolean dropped;

    @BeforeEach
    void begin() throws IOException {
        scripts = new ReferenceScripts(root);
        git = new FileRepositoryBuilder().setWorkTree(root.toFile()).build();
        objects = new GitObjects(git);
    }

    @AfterEach
    void end() {
        git.close();
    }

    @Test
    void whereTheScriptsGetThroughTheEngineDoesTheSame() throws Exception {
        Long one = Long.getLong("differential.seed");
        long first = one != null ? one : new Random().nextInt(Integer.MAX_VALUE);
        int total = one != null ? 1 : Integer.getInteger("differential.total", 100);
        for (long seed = first; seed < first + total; seed++) {
            try {
                history(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        e.getMessage() + "; to replay it: GITOPS_MVN_ARGS=-Ddifferential.seed=" + seed
                                + " sandbox/gitops test -k DifferentialTest",
                        e);
            }
        }
        System.out.printf(
                "Tried: %d histories beside git's command line, seeds %d to %d: %d steps alike, and %s%n",
                total, first, first + total - 1, agreed, differences);
    }

    private void history(long seed) throws Exception {
        random = SimulatedHistory.random(seed);
        services = seed % ONE_WITH_MANY == 0 ? manyServices() : FEW_SERVICES;
        commits = 0;
        dropped = false;
        branch = branch();
        var files = new TreeMap<String, ObjectId>();
        for (String file : List.of("README.md", "docs/a.md", "docs/b.md")) {
            files.put(file, objects.blob(file + "\n1\n2\n3\n4\n5\n6\n7\n8\n9\n"));
        }
        TreeMap<String, ImageRef> images = someImages();
        if (!images.isEmpty()) {
            put(files, images);
        }
        main = objects.commit(List.of(), files, "Begin\n", person("Ada"));
        auto = main;
        int steps = services.size() == MANY ? STEPS_WITH_MANY_SERVICES : STEPS;
        for (int i = 0; i < steps && !dropped; i++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> announce();
                case 3 -> auto = byHand(auto, false);
                case 4, 5 -> {
                    main = byHand(main, true);
                    align();
                }
                case 6 -> red();
                default -> green();
            }
        }
    }

    /** The one thing that git's merges do and the engine's do not: they are made from trees alone. */
    @Test
    void aFileThatMainRenamedIsFollowedByGitAndIsAConflictForTheEngine() throws Exception {
        random = SimulatedHistory.random(0);
        branch = branch();
        var files = new TreeMap<String, ObjectId>();
        files.put("docs/a.md", objects.blob("1\n2\n3\n4\n5\n"));
        ObjectId base = objects.commit(List.of(), files, "Begin\n", person("Ada"));
        var edited = new TreeMap<>(files);
        edited.put("docs/a.md", objects.blob("1\n2\n3\n4\nfive\n"));
        auto = objects.commit(List.of(base), edited, "Edit\n", person("Ada"));
        var renamed = new TreeMap<String, ObjectId>();
        renamed.put("docs/b.md", files.get("docs/a.md"));
        main = objects.commit(List.of(base), renamed, "Rename\n", person("Ada"));

        Rebase theirs = scripts.alignByRebasing(auto, main);
        ReplayResult ours = branch.replayer().replay(main, List.of(), line(main, auto));

        assertThat(objects.files(theirs.tip()).get("docs/b.md")).isEqualTo(edited.get("docs/a.md"));
        assertThat(ours.dropped()).hasSize(1);
        assertThat(ours.dropped().get(0).reason()).isEqualTo("it conflicts with main in docs/a.md");
    }

    // ---- the steps --------------------------------------------------------------------------------------------

    /** The scripts write the whole set, and their text merges keep what is as it was; the engine is told what is new. */
    private void announce() throws Exception {
        TreeMap<String, ImageRef> present = images(auto);
        var announced = new TreeMap<>(someImages());
        announced.entrySet().removeAll(present.entrySet());
        if (announced.isEmpty() || random.nextInt(6) == 0) {
            announced = present;
        }
        if (announced.isEmpty()) {
            return;
        }
        commits++;
        ChangeTrailers trailers = ChangeTrailers.builder(
                        String.format("change%06d", commits), ChangeOperation.ANNOUNCE, WavePath.of("staging"))
                .appSha("7d1043473d55bfa90e8530d35801d4e381bc69f0")
                .order(Optional.of(new BuildSequence("app", commits)))
                .reason("new images published")
                .build();
        NewChange change =
                new NewChange(trailers, ImageSet.of(announced)).withSubject("Update the app, number " + commits);
        boolean newFiles = !objects.files(auto).containsKey(FOLDER + "tags.json");
        boolean identical = present.entrySet().containsAll(announced.entrySet());
        present.putAll(announced);
        AppendResult ours = branch.appender().append(branch.queue().read(main, auto), change);
        Optional<ObjectId> theirs = scripts.introduceImages(auto, texts(present), message(change));

        assertThat(theirs.isPresent()).as("the scripts commit %s", change).isEqualTo(!newFiles && !identical);
        if (theirs.isPresent()) {
            QueuedCommit commit = ((AppendResult.Commit) ours).commit();
            same(commit, line(auto, theirs.get()).get(0));
            agreed++;
        } else {
            differs(newFiles ? Difference.NEW_FILES_STAY_BEHIND : Difference.IDENTICAL_ANNOUNCEMENT_FAILS);
        }
        // A commit that brings nothing yet has no counterpart among what the scripts make.
        if (ours instanceof AppendResult.Commit commit && !identical) {
            auto = commit.commit().sha();
        }
    }

    /** Main has moved: auto follows, or is laid on it. */
    private void align() throws Exception {
        CommitQueue line = branch.queue().read(main, auto);
        if (line.commits().isEmpty()) {
            assertThat(scripts.alignByMoving(auto, main)).isFalse();
            differs(Difference.CHECKED_OUT_BRANCH_STAYS);
            auto = main;
            return;
        }
        ReplayResult ours = branch.replayer().replay(main, List.of(), line.commits());
        compare(ours, scripts.alignByRebasing(auto, main));
        auto = ours.tip();
    }

    /** A commit is red: it is taken out, and what is above it is laid on its parent. */
    private void red() throws Exception {
        List<QueuedCommit> queued = branch.queue().read(main, auto).commits();
        if (queued.isEmpty()) {
            return;
        }
        int red = random.nextInt(queued.size());
        assertThat(blamed(queued.size(), red)).isEqualTo(red);
        if (red < queued.size() - 1) {
            differs(Difference.WRONG_COMMIT_BLAMED);
        }
        ReplayResult ours =
                branch.replayer().replay(main, queued.subList(0, red), queued.subList(red + 1, queued.size()));
        QueuedCommit culprit = queued.get(red);
        Rebase theirs = scripts.evict(auto, culprit.sha(), culprit.parent());
        compare(ours, theirs);
        ObjectId rest = theirs.tip();
        if (rest != null && red < queued.size() - 1) {
            // The engine's decisions both move the state ref, so that one of the two loses: see SimulationTest.
            assertThat(scripts.bothPushesSucceed(main, auto, rest)).isTrue();
            assertThat(branch.graph().contains(auto, culprit.sha()))
                    .as("the evicted commit is on main")
                    .isTrue();
            differs(Difference.EVICTED_COMMIT_LANDS);
        }
        auto = ours.tip();
    }

    /** CI has tested the tip alone, which the scripts blame; the engine has others tested until it knows. */
    private static int blamed(int size, int culprit) {
        var colors = new ArrayList<>(Collections.nCopies(size, Color.UNDECIDED));
        colors.set(size - 1, Color.RED);
        while (MergePolicy.decide(false, Color.GREEN, colors) instanceof MergePolicy.Decision.Bisect bisect) {
            bisect.probes().forEach(probe -> colors.set(probe, probe < culprit ? Color.GREEN : Color.RED));
        }
        return ((MergePolicy.Decision.Evict) MergePolicy.decide(false, Color.GREEN, colors)).index();
    }

    /** A commit that is on auto, or was, is green: main goes there if it is ahead. */
    private void green() throws Exception {
        List<QueuedCommit> queued = branch.queue().read(main, auto).commits();
        ObjectId green = queued.isEmpty() || random.nextInt(4) == 0
                ? auto
                : queued.get(random.nextInt(queued.size())).sha();
        Optional<ObjectId> theirs = scripts.fastForward(main, green);
        assertThat(theirs.isPresent()).isEqualTo(branch.graph().contains(green, main));
        agreed++;
        if (theirs.isPresent()) {
            main = theirs.get();
        }
    }

    /** Somebody commits; on main it may be image files. */
    private ObjectId byHand(ObjectId parent, boolean onMain) throws IOException {
        TreeMap<String, ObjectId> files = objects.files(parent);
        commits++;
        switch (random.nextInt(onMain ? 6 : 4)) {
            case 0, 1 -> {
                String file = random.nextBoolean() ? "README.md" : "docs/a.md";
                String[] lines = objects.text(files.get(file)).split("\n");
                lines[random.nextInt(lines.length)] = "edit " + commits;
                files.put(file, objects.blob(String.join("\n", lines) + "\n"));
            }
            case 2 -> files.put("docs/new" + commits + ".md", objects.blob("new " + commits + "\n"));
            case 3 -> {
                if (files.remove("docs/b.md") == null) {
                    files.put("docs/b.md", objects.blob("again " + commits + "\n"));
                }
            }
            default -> {
                TreeMap<String, ImageRef> images = images(parent);
                images.putAll(someImages());
                images.putIfAbsent("api", RepositoryScene.image("api", "by-hand"));
                put(files, images);
            }
        }
        return objects.commit(List.of(parent), files, "By hand, number " + commits + "\n", person("Ada"));
    }

    // ---- what is compared -------------------------------------------------------------------------------------

    private void compare(ReplayResult ours, Rebase theirs) throws IOException {
        if (theirs.stoppedAt() == null) {
            compareLines(ours, line(main, theirs.tip()));
            return;
        }
        Optional<ReplayResult.Dropped> evicted = ours.dropped().stream()
                .filter(dropped -> dropped.outcome() == Outcome.EVICTED)
                .findFirst();
        if (theirs.conflicts().stream().allMatch(path -> path.startsWith(FOLDER))) {
            assertThat(evicted.map(dropped -> dropped.commit().sha()))
                    .as("images do not conflict")
                    .isNotEqualTo(Optional.of(theirs.stoppedAt()));
            differs(Difference.ANNOUNCEMENTS_CONFLICT);
            // The engine ends it when main has its images; git keeps a commit that was empty before.
            dropped |= keepsOneThatBringsNothing(ours);
            return;
        }
        assertThat(evicted.map(dropped -> dropped.commit().sha())).contains(theirs.stoppedAt());
        assertThat(evicted.get().reason()).endsWith(String.join(", ", theirs.conflicts()));
        agreed++;
    }

    private boolean keepsOneThatBringsNothing(ReplayResult ours) {
        ObjectId below = objects.tree(main);
        for (QueuedCommit commit : ours.kept()) {
            if (commit.tree().equals(below)) {
                return true;
            }
            below = commit.tree();
        }
        return false;
    }

    private void compareLines(ReplayResult ours, List<QueuedCommit> theirs) throws IOException {
        var left = new ArrayDeque<>(theirs);
        ObjectId below = objects.tree(main);
        for (QueuedCommit commit : ours.kept()) {
            if (!left.isEmpty() && left.peek().message().equals(commit.message())) {
                assertThat(commit.author()).isEqualTo(left.peek().author());
                same(commit, left.pop());
            } else {
                assertThat(commit.tree())
                        .as("what the scripts drop of %s", commit)
                        .isEqualTo(below);
                dropped = true;
            }
            below = commit.tree();
        }
        assertThat(left).as("what the scripts keep and the engine drops").isEmpty();
        assertThat(ours.dropped())
                .allSatisfy(end -> assertThat(end.outcome()).as(end.toString()).isEqualTo(Outcome.SATISFIED));
        dropped |= !ours.dropped().isEmpty();
        if (dropped) {
            differs(Difference.SILENTLY_DROPPED);
        } else {
            agreed++;
        }
    }

    private static void same(QueuedCommit ours, QueuedCommit theirs) {
        assertThat(ours.tree()).as("the tree of %s", ours).isEqualTo(theirs.tree());
        assertThat(ours.message()).isEqualTo(theirs.message());
        assertThat(ours.subject()).isEqualTo(theirs.subject());
    }

    private List<QueuedCommit> line(ObjectId base, ObjectId tip) throws IOException {
        return branch.queue().read(base, tip).commits();
    }

    private void differs(Difference difference) {
        differences.merge(difference, 1, Integer::sum);
    }

    // ---- what they work on ------------------------------------------------------------------------------------

    private AutoBranch branch() {
        return new AutoBranch(
                git,
                new ImageSetStore(git, Layout.TAGS_AND_DIGESTS, Map.of(WavePath.of("staging"), "images/staging")),
                () -> person("GitOps Waves"),
                "chore: update app to {shortSha}",
                false,
                new GeneratedTrees(git, PathPatterns.NONE, Optional.empty()));
    }

    private PersonIdent person(String name) {
        return new PersonIdent(
                name, "somebody@example.com", Instant.ofEpochSecond(1_795_425_000L + commits), ZoneOffset.UTC);
    }

    private static List<String> manyServices() {
        var all = new ArrayList<>(FEW_SERVICES);
        while (all.size() < MANY) {
            all.add(String.format("service-%04d-", all.size()) + "x".repeat(87));
        }
        return all;
    }

    private TreeMap<String, ImageRef> someImages() {
        var images = new TreeMap<String, ImageRef>();
        for (String service : services) {
            if (random.nextBoolean()) {
                images.put(service, RepositoryScene.image(service, "v" + random.nextInt(5)));
            }
        }
        return images;
    }

    private TreeMap<String, ImageRef> images(ObjectId commit) {
        var images = new TreeMap<String, ImageRef>();
        ObjectId tags = objects.files(commit).get(FOLDER + "tags.json");
        if (tags != null) {
            objects.text(tags)
                    .lines()
                    .filter(line -> line.contains("\": "))
                    .map(line -> line.split("\""))
                    .forEach(words -> images.put(
                            words[1], RepositoryScene.image(words[1], words[3].substring(words[3].indexOf(':') + 1))));
        }
        return images;
    }

    private void put(Map<String, ObjectId> files, Map<String, ImageRef> images) {
        texts(images).forEach((path, text) -> files.put(path, objects.blob(text)));
    }

    /** The image files, as the specification describes them. */
    private static Map<String, String> texts(Map<String, ImageRef> images) {
        var tags = new ArrayList<String>();
        var digests = new ArrayList<String>();
        images.forEach((service, image) -> {
            tags.add("  \"" + service + "\": \"" + image.tagReference() + "\"");
            digests.add("  \"" + service + "\": \"" + image.digestReference() + "\"");
        });
        return Map.of(
                FOLDER + "tags.json", "{\n" + String.join(",\n", tags) + "\n}\n",
                FOLDER + "digests.json", "{\n" + String.join(",\n", digests) + "\n}\n");
    }

    /** A long value of a trailer goes on in the next line, at the first blank after 100 characters. */
    private static String folded(String value) {
        int blank = value.indexOf(' ', 100);
        return blank < 0 ? value : value.substring(0, blank) + "\n " + folded(value.substring(blank + 1));
    }

    /** The message of a change, as the specification describes it. */
    private static String message(NewChange change) {
        ChangeTrailers trailers = change.trailers();
        return change.subject().orElseThrow() + "\n\nAutocommit-Id: " + change.id()
                + "\nAutocommit-Operation: announce\nAutocommit-Target: staging\nAutocommit-Services: "
                + folded(String.join(", ", change.images().images().keySet()))
                + "\nAutocommit-App-SHA: " + trailers.appSha().orElseThrow()
                + "\nAutocommit-Order: " + trailers.order().orElseThrow()
                + "\nAutocommit-Reason: " + trailers.reason() + "\n";
    }
}
