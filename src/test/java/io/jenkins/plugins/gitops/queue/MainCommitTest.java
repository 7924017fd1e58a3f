package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;

/** Which commit of main wrote some files last. */
class MainCommitTest {

    private final AutoBranchFixture scene = new AutoBranchFixture();

    @Test
    void theLastWriteIsTheNewestCommitThatChangedOneOfTheFiles() throws Exception {
        QueuedCommit images = scene.announced("app#1", "shop", "1");
        scene.merge(images);
        scene.pushToMain("docs/a.md", "a\n");
        ObjectId docs = scene.main;
        scene.pushToMain("docs/b.md", "b\n");

        List<String> files = scene.branch.images().files(AutoBranchFixture.STAGING);
        MainCommit last = MainCommit.lastWriteOf(scene.git, scene.main, files).orElseThrow();
        assertThat(last.sha()).isEqualTo(images.sha());
        assertThat(last.subject()).isEqualTo(images.subject());
        assertThat(last.when()).isEqualTo(images.author().getWhenAsInstant());
        assertThat(last.trailers()).isEqualTo(images.trailers());

        assertThat(MainCommit.lastWriteOf(scene.git, scene.main, List.of("docs/a.md")))
                .map(MainCommit::sha)
                .contains(docs);
        assertThat(MainCommit.lastWriteOf(scene.git, scene.main, List.of("docs/a.md")))
                .flatMap(MainCommit::trailers)
                .isEmpty();
        assertThat(MainCommit.lastWriteOf(scene.git, scene.main, List.of("docs/c.md")))
                .isEmpty();
    }
}
