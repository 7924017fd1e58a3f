package io.jenkins.plugins.gitops.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectInserter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloneGcTest {

    @TempDir
    Path folder;

    private int packs;
    private int tidied;

    /** As many fetches leave them. */
    private void pack(FileRepository git, int more) throws IOException {
        for (int i = 0; i < more; i++) {
            try (ObjectInserter inserter = git.getObjectDatabase().newPackInserter()) {
                inserter.insert(Constants.OBJ_BLOB, ("pack " + packs++).getBytes(StandardCharsets.UTF_8));
                inserter.flush();
            }
        }
    }

    /** Found by the soak: replaced packs stay for an hour, and had every round collect garbage once more. */
    @Test
    void tidiesUpOnceForWhatHasGatheredAlthoughWhatIsReplacedStaysAWhile() throws IOException {
        try (var git = new FileRepository(folder.toFile())) {
            git.create(true);
            var housekeeping = new CloneGc(git, task -> {
                tidied++;
                task.run();
            });
            pack(git, 50);
            housekeeping.look();
            assertThat(tidied).isZero();
            pack(git, 1);
            housekeeping.look();
            assertThat(tidied).isEqualTo(1);

            for (int fetch = 0; fetch < 50; fetch++) {
                housekeeping.look();
                pack(git, 1);
            }
            assertThat(tidied).isEqualTo(1);
            pack(git, 1);
            housekeeping.look();
            assertThat(tidied).isEqualTo(2);
        }
    }
}
