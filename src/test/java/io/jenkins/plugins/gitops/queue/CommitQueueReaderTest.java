package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.Test;

class CommitQueueReaderTest {

    private final AutoBranchFixture scene = new AutoBranchFixture();

    /** A reader that remembers nothing of what the scene wrote. */
    private CommitQueue readAnew() throws Exception {
        return new CommitQueueReader(scene.git).read(scene.main, scene.auto);
    }

    @Test
    void theQueueIsWhatMainLacksOldestFirst() throws Exception {
        QueuedCommit first = scene.announced("app#1", "shop", "1");
        QueuedCommit second = scene.pushToQueue("docs/a.md", "a\n");

        CommitQueue queue = readAnew();

        assertThat(queue.commits()).extracting(QueuedCommit::sha).containsExactly(first.sha(), second.sha());
        assertThat(queue.straight()).isTrue();
        assertThat(queue.tip()).isEqualTo(second.sha());
        assertThat(queue.find(first.id())).map(QueuedCommit::sha).contains(first.sha());
        assertThat(second.id())
                .as("a hand-made commit is known by its SHA")
                .isEqualTo(second.sha().name());
    }

    @Test
    void aQueueWithoutCommitsEndsAtMain() throws Exception {
        assertThat(readAnew().commits()).isEmpty();
        assertThat(readAnew().tip()).isEqualTo(scene.main);
    }

    @Test
    void aQueueBelowWhichMainMovedIsNotStraight() throws Exception {
        QueuedCommit queued = scene.announced("app#1", "shop", "1");
        scene.pushToMain("docs/a.md", "a\n");

        assertThat(readAnew().straight()).isFalse();
        assertThat(readAnew().commits()).extracting(QueuedCommit::sha).containsExactly(queued.sha());
    }

    @Test
    void whatAMergeCommitBroughtInGoesWithIt() throws Exception {
        ObjectId side = scene.commit(scene.main, "docs/a.md", "a\n", "Side\n");
        QueuedCommit below = scene.pushToQueue("docs/b.md", "b\n");
        scene.auto = scene.objects.commit(
                List.of(below.sha(), side),
                scene.objects.files(side),
                "Merge\n",
                new PersonIdent("Ada", "ada@example.com", scene.now(), ZoneOffset.UTC));

        CommitQueue queue = readAnew();

        assertThat(queue.commits()).extracting(QueuedCommit::sha).containsExactly(below.sha(), scene.auto);
        assertThat(queue.straight()).isFalse();
    }

    @Test
    void commitsOfMainAreNotTakenForMissingWhereAClockWasWrong() throws Exception {
        ObjectId base = scene.main;
        for (int i = 0; i < 80; i++) {
            var early = new PersonIdent("Ada", "ada@example.com", Instant.ofEpochSecond(1_000_000 - i), ZoneOffset.UTC);
            base = scene.objects.commit(List.of(base), scene.objects.files(base), "Early " + i + "\n", early);
        }
        scene.auto = scene.commit(base, "docs/a.md", "a\n", "Queued\n");
        scene.main = scene.commit(base, "docs/b.md", "b\n", "On main\n");

        assertThat(readAnew().commits()).extracting(QueuedCommit::sha).containsExactly(scene.auto);
    }

    @Test
    void aQueueOnAMainFarAheadIsWhatMainLacks() throws Exception {
        for (int i = 0; i < 40; i++) {
            scene.pushToQueue("docs/a.md", i + "\n");
        }
        ObjectId merged = scene.auto;
        QueuedCommit queued = scene.pushToQueue("docs/b.md", "b\n");
        scene.main = scene.commit(merged, "docs/c.md", "c\n", "On main\n");

        assertThat(readAnew().commits()).extracting(QueuedCommit::sha).containsExactly(queued.sha());
    }

    @Test
    void whatIsRememberedIsWhatIsRead() throws Exception {
        for (int i = 1; i <= 3; i++) {
            scene.announced("app#" + i, "shop", String.valueOf(i));
        }

        assertThat(scene.queue().commits())
                .extracting(QueuedCommit::sha)
                .isEqualTo(readAnew().commits().stream().map(QueuedCommit::sha).toList());
    }

    @Test
    void longMessagesAreForgottenBeforeManyOthers() throws Exception {
        QueuedCommit queued = scene.announced("app#1", "shop", "1");
        var reader = new CommitQueueReader(scene.git);
        var commits = new ArrayList<QueuedCommit>();
        for (int i = 0; i < 20; i++) {
            commits.add(new QueuedCommit(
                    ObjectId.fromString("%040x".formatted(i + 1)),
                    queued.parent(),
                    queued.tree(),
                    1,
                    "Long",
                    "x".repeat(1 << 20),
                    queued.author(),
                    queued.committed(),
                    Optional.empty()));
        }
        commits.forEach(reader::remember);

        try (ObjectSession objects = ObjectSession.open(scene.git, 0)) {
            assertThat(reader.treeOf(commits.get(19).sha(), objects)).isEqualTo(queued.tree());
            assertThatThrownBy(() -> reader.treeOf(commits.get(0).sha(), objects))
                    .isInstanceOf(MissingObjectException.class);
        }
    }
}
