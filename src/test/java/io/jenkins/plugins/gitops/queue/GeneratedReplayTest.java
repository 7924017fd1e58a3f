package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.generation.GenerationBatch;
import io.jenkins.plugins.gitops.generation.GenerationRequest;
import io.jenkins.plugins.gitops.generation.GenerationTask;
import io.jenkins.plugins.gitops.generation.GenerationWorkQueue;
import io.jenkins.plugins.gitops.generation.GeneratorBuild;
import io.jenkins.plugins.gitops.generation.GeneratorSettings;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import io.jenkins.plugins.gitops.worktree.ConfigTree;
import io.jenkins.plugins.gitops.worktree.FileEntry;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules for commits of a repository with a generator: what is taken as it is, and what is generated first. */
class GeneratedReplayTest {

    private static final String GENERATED = "generated/all.yaml";
    private static final String EXTRA = "generated/extra.yaml";
    private static final GeneratorSettings GENERATOR = new GeneratorSettings("acme/generate", Duration.ofMinutes(15));
    private static final GeneratorBuild BUILD =
            new GeneratorBuild("acme/generate #1", "https://jenkins.example.com/job/generate/1/");

    private final AutoBranchFixture scene =
            new AutoBranchFixture(false, new PathPatterns(List.of("generated/**")), Optional.of(GENERATOR));

    @BeforeEach
    void begin() throws Exception {
        scene.pushToMain(GENERATED, made(Map.of(AutoBranchFixture.README, AutoBranchFixture.LINES)));
        scene.auto = scene.main;
    }

    // ---- the generator ------------------------------------------------------------------------------------------

    /** What the generator makes of files, by path. */
    private static String made(Map<String, String> inputs) {
        var text = new StringBuilder();
        new TreeMap<>(inputs)
                .forEach((path, content) ->
                        text.append(path).append(": ").append(content.length()).append('\n'));
        return text.toString();
    }

    /** What the generator makes of the files of a commit. */
    private String made(ObjectId commit) {
        var inputs = new TreeMap<String, String>();
        scene.objects.files(commit).forEach((path, blob) -> {
            if (!path.startsWith("generated/")) {
                inputs.put(path, scene.objects.text(blob));
            }
        });
        return made(inputs);
    }

    /** A build of the generator answers all requests; it fails for trees that have a file {@code broken}. */
    private void generate(List<GenerationRequest> wanted) throws Exception {
        var work = new GenerationWorkQueue(GENERATOR, Clock.fixed(scene.now(), ZoneOffset.UTC));
        var batch = new GenerationBatch();
        batch.forRewrite(wanted);
        work.replaceRequests(scene.git, scene.branch.generated(), batch);
        for (Optional<GenerationTask> task = work.take(BUILD); task.isPresent(); task = work.take(BUILD)) {
            ConfigTree tree = task.get().tree();
            if (tree.files().containsKey("broken")) {
                work.failed(BUILD, task.get().input(), "make exited with 2");
            } else {
                work.complete(BUILD, task.get(), changes(tree));
            }
        }
    }

    private static BodyChanges changes(ConfigTree tree) throws IOException {
        var files = new TreeMap<String, Optional<BodyChanges.File>>();
        var inputs = new TreeMap<String, String>();
        for (String path : tree.files().keySet()) {
            if (path.startsWith("generated/")) {
                files.put(path, Optional.empty());
            } else {
                inputs.put(path, new String(tree.content(path), StandardCharsets.UTF_8));
            }
        }
        files.put(GENERATED, Optional.of(file(made(inputs))));
        return new BodyChanges(tree.base(), files);
    }

    private static BodyChanges.File file(String text) {
        return new BodyChanges.File(FileEntry.Kind.REGULAR, text.getBytes(StandardCharsets.UTF_8));
    }

    private ReplayResult replayed() throws Exception {
        return scene.branch
                .replayer()
                .replay(scene.main, List.of(), scene.queue().commits());
    }

    private static NewChange announcement(String order, String version) {
        return AutoBranchFixture.change(ChangeOperation.ANNOUNCE, order, "shop", version);
    }

    private List<GenerationRequest> ungenerated(NewChange change) throws Exception {
        AppendResult result = scene.append(change);
        assertThat(result).isInstanceOf(AppendResult.Ungenerated.class);
        return ((AppendResult.Ungenerated) result).wanted();
    }

    private static String name(ObjectId commit) {
        return CommitSha.abbreviate(commit);
    }

    // ---- new changes --------------------------------------------------------------------------------------------

    @Test
    void aChangeIsCommittedWithWhatTheGeneratorMakesOfIt() throws Exception {
        List<GenerationRequest> wanted = ungenerated(announcement("app#1", "1"));
        assertThat(wanted)
                .extracting(GenerationRequest::purpose)
                .containsExactly("the new change \"chore: update shop\"");

        generate(wanted);

        QueuedCommit commit = scene.queued(announcement("app#1", "1"));
        assertThat(scene.text(commit.sha(), GENERATED)).isEqualTo(made(commit.sha()));
    }

    @Test
    void whatABodyMadeIsGeneratedWhereTheTipHasOtherInputs() throws Exception {
        var body = new BodyChanges(scene.main, new TreeMap<>(Map.of("docs/a.md", Optional.of(file("a\n")))));
        NewChange change = announcement("app#1", "1").withBody(body);
        scene.pushToQueue("docs/b.md", "b\n");

        generate(ungenerated(change));

        QueuedCommit commit = scene.queued(change);
        assertThat(scene.text(commit.sha(), "docs/a.md")).isEqualTo("a\n");
        assertThat(scene.text(commit.sha(), GENERATED)).isEqualTo(made(commit.sha()));
    }

    @Test
    void whatABodyMadeOnTheTipIsTakenAsItIs() throws Exception {
        var body = new BodyChanges(
                scene.main,
                new TreeMap<>(Map.of("docs/a.md", Optional.of(file("a\n")), GENERATED, Optional.of(file("made\n")))));

        QueuedCommit commit = scene.queued(announcement("app#1", "1").withBody(body));

        assertThat(scene.text(commit.sha(), GENERATED)).isEqualTo("made\n");
    }

    @Test
    void aChangeThatCannotBeGeneratedIsTheCulpritIfWhatIsBelowItCan() throws Exception {
        var body = new BodyChanges(scene.main, new TreeMap<>(Map.of("broken", Optional.of(file("")))));
        NewChange change = announcement("app#1", "1").withBody(body);
        scene.pushToQueue("docs/b.md", "b\n");
        generate(ungenerated(change));

        List<GenerationRequest> both = ungenerated(change);

        assertThat(both)
                .extracting(GenerationRequest::purpose)
                .containsExactly("what is below it, " + name(scene.auto), "the new change \"chore: update shop\"");
        generate(both);
        assertThat(scene.append(change))
                .isInstanceOfSatisfying(
                        AppendResult.Ungenerable.class,
                        failed -> assertThat(failed.reason())
                                .startsWith("the generator fails for it: make exited with 2"));
    }

    // ---- generating anew ----------------------------------------------------------------------------------------

    private AppendResult regenerated(boolean forget) throws Exception {
        return scene.branch.appender().regenerate(scene.queue(), forget).orElseThrow();
    }

    @Test
    void theTipIsGeneratedAnew() throws Exception {
        var wanted = (AppendResult.Ungenerated) regenerated(false);
        assertThat(wanted.wanted())
                .extracting(GenerationRequest::purpose)
                .containsExactly("main itself, " + name(scene.main));
        assertThat(wanted.provisional().sha()).isEqualTo(scene.main);

        generate(wanted.wanted());
        assertThat(scene.branch.appender().regenerate(scene.queue(), false))
                .as("its files are what the generator makes")
                .isEmpty();

        assertThat(regenerated(true)).as("all is forgotten").isInstanceOf(AppendResult.Ungenerated.class);
    }

    @Test
    void filesThatTheGeneratorMakesOtherwiseAreOneCommit() throws Exception {
        scene.pushToQueue(EXTRA, "by hand\n");
        var wanted = (AppendResult.Ungenerated) regenerated(false);
        assertThat(wanted.wanted())
                .extracting(GenerationRequest::purpose)
                .containsExactly("what is below it, " + name(scene.auto));
        generate(wanted.wanted());

        QueuedCommit commit = ((AppendResult.Commit) regenerated(false)).commit();

        assertThat(commit.parent()).isEqualTo(scene.auto);
        assertThat(commit.subject()).isEqualTo("chore: generate again");
        assertThat(scene.objects.files(commit.sha())).containsKey(GENERATED).doesNotContainKey(EXTRA);
    }

    @Test
    void aTipThatCannotBeGeneratedIsNamed() throws Exception {
        scene.pushToMain("broken", "");
        scene.auto = scene.main;
        generate(((AppendResult.Ungenerated) regenerated(false)).wanted());

        assertThat(regenerated(false))
                .isInstanceOfSatisfying(
                        AppendResult.Ungenerable.class,
                        failed -> assertThat(failed.reason())
                                .startsWith(
                                        "The generator fails for main itself, " + name(scene.main) + ": make exited"));
    }

    // ---- replays ------------------------------------------------------------------------------------------------

    @Test
    void everyCommitThatIsReplayedOnOtherInputsIsGenerated() throws Exception {
        scene.pushToQueue("docs/a.md", "a\n");
        scene.pushToQueue("docs/b.md", "b\n");
        scene.pushToMain("docs/c.md", "c\n");

        ReplayResult asking = replayed();
        assertThat(asking.isComplete()).isFalse();
        assertThat(asking.wanted())
                .extracting(GenerationRequest::purpose)
                .containsExactly("commit 1 of 2", "commit 2 of 2");
        generate(asking.wanted());
        ReplayResult result = replayed();

        assertThat(result.isComplete()).isTrue();
        assertThat(result.kept())
                .hasSize(2)
                .allSatisfy(commit ->
                        assertThat(scene.text(commit.sha(), GENERATED)).isEqualTo(made(commit.sha())));
    }

    @Test
    void theCommitThatCannotBeGeneratedIsEvicted() throws Exception {
        QueuedCommit broken = scene.pushToQueue("broken", "");
        QueuedCommit above = scene.pushToQueue("docs/b.md", "b\n");
        scene.pushToMain("docs/c.md", "c\n");
        generate(replayed().wanted());

        ReplayResult asking = replayed();
        assertThat(asking.wanted())
                .extracting(GenerationRequest::purpose)
                .startsWith("main itself, " + name(scene.main), "commit 1 of 2");
        generate(asking.wanted());
        ReplayResult result = replayed();

        assertThat(result.dropped()).singleElement().satisfies(dropped -> {
            assertThat(dropped.commit()).isEqualTo(broken);
            assertThat(dropped.outcome()).isEqualTo(Outcome.EVICTED);
            assertThat(dropped.reason()).startsWith("the generator fails for it: make exited with 2");
        });
        assertThat(result.kept()).extracting(QueuedCommit::subject).containsExactly(above.subject());
    }

    @Test
    void generatedFilesAreMergedWhereOnlyTheyDifferBelow() throws Exception {
        QueuedCommit queued = scene.pushToQueue("docs/a.md", "a\n");
        scene.pushToMain(EXTRA, "by hand\n");

        ReplayResult result = replayed();

        assertThat(result.isComplete()).isTrue();
        assertThat(scene.text(result.tip(), EXTRA)).isEqualTo("by hand\n");

        var work = new GenerationRequest(inputsOf(queued), queued.tree(), "it");
        generate(List.of(work));
        ReplayResult known = replayed();

        assertThat(known.isComplete()).isTrue();
        assertThat(scene.text(known.tip(), GENERATED)).isEqualTo(made(known.tip()));
        assertThat(scene.objects.files(known.tip()))
                .as("what the generator is known to make comes first")
                .doesNotContainKey(EXTRA);
    }

    private ObjectId inputsOf(QueuedCommit commit) throws Exception {
        try (ObjectSession objects = ObjectSession.open(scene.git, 1)) {
            ObjectId inputs = scene.branch
                    .generated()
                    .inputs(objects.reader(), objects.inserter())
                    .of(commit.tree());
            objects.flush();
            return inputs;
        }
    }

    @Test
    void aCommitInItsPlaceKeepsItsGeneratedFiles() throws Exception {
        QueuedCommit queued = scene.pushToQueue("docs/a.md", "a\n");
        generate(List.of(new GenerationRequest(inputsOf(queued), queued.tree(), "it")));

        ReplayResult result = replayed();

        assertThat(result.isComplete()).isTrue();
        assertThat(result.kept()).containsExactly(queued);
    }

    @Test
    void generatedFilesThatConflictAreGenerated() throws Exception {
        scene.pushToQueue(GENERATED, "ours\n");
        scene.pushToQueue("docs/a.md", "a\n");
        scene.pushToMain(GENERATED, "theirs\n");

        assertThat(replayed().wanted()).hasSize(1);
    }

    @Test
    void whatMainHasBesideOtherInputsNeedsNoGenerator() throws Exception {
        scene.pushToQueue("docs/a.md", "a\n");
        scene.pushToMain("docs/a.md", "a\n");
        scene.pushToMain("docs/b.md", "b\n");

        ReplayResult result = replayed();

        assertThat(result.isComplete()).isTrue();
        assertThat(result.dropped()).singleElement().satisfies(dropped -> {
            assertThat(dropped.outcome()).isEqualTo(Outcome.SATISFIED);
            assertThat(dropped.reason()).isEqualTo("main has its content already");
        });
    }

    @Test
    void aChangeOfGeneratedFilesAloneIsGeneratedOnOtherInputs() throws Exception {
        scene.pushToQueue(EXTRA, "by hand\n");
        scene.pushToMain("docs/b.md", "b\n");

        ReplayResult asking = replayed();
        assertThat(asking.wanted()).hasSize(1);
        scene.pushToMain(GENERATED, made(scene.main));
        generate(replayed().wanted());
        ReplayResult result = replayed();

        assertThat(result.dropped())
                .singleElement()
                .satisfies(dropped -> assertThat(dropped.reason())
                        .isEqualTo("it changes generated files only, and the generator makes them as main has them"));
    }
}
