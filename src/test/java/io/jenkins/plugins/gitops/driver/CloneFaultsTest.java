package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.CloneStore;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.util.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can happen to a driver's clone: everything in it is also on the server. */
class CloneFaultsTest extends DriverTestBase {

    /** The bytes of a file that is large enough for JGit to copy it in parts. */
    private static final int SIZE = 1 << 18;

    private Driver driver;
    private Path clone;

    @BeforeEach
    void begin() throws GitOpsException {
        driver = scene.driver("jenkins");
        clone = root.resolve("jenkins");
    }

    @Test
    void aCloneThatIsDeletedUnderADriverIsMadeAgain() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        scene.byHand("docs.md", "x", "Have something to fetch");
        FileUtils.delete(clone.toFile(), FileUtils.RECURSIVE);
        driver.round();
        assertThat(clone).isDirectory();
        assertThat(scene.queue()).hasSize(1).doesNotContain(change.sha());

        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(driver.status(change.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
    }

    @Test
    void aLockThatADeadProcessLeftIsNoObstacle() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        Files.createFile(clone.resolve("refs/heads/main.lock"));
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(change.sha());

        Driver reopened = scene.driver("jenkins");
        scene.git("update-ref", "refs/heads/main", "main~1");
        assertThatThrownBy(reopened::round)
                .as("main is remembered as it was last")
                .hasMessageContaining("was rewritten");
    }

    @Test
    void whatADeadProcessHasHalfReceivedIsDeleted() throws Exception {
        driver.round();
        for (String name : List.of("incoming_8123.pack", "incoming_8123.idx", "noz77.tmp")) {
            Files.writeString(clone.resolve("objects").resolve(name), "PACK");
        }

        scene.driver("jenkins").round();

        try (Stream<Path> files = Files.list(clone.resolve("objects"))) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void anIndexOfPackedRefsThatIsCutOffIsReplaced() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        Files.writeString(clone.resolve("packed-refs"), "# pack-refs with: peeled\n7d104347");

        scene.report(driver, change.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(change.sha());
    }

    @Test
    void aDamagedCloneThatCannotBeDeletedIsLeftBehindAFewTimes() throws Exception {
        var left = new ArrayList<Path>();
        try {
            for (int damages = 1; damages <= 3; damages++) {
                Path present = damages == 1 ? clone : root.resolve("jenkins." + (damages - 1));
                Path undeletable = Files.createFile(present.resolve("objects/undeletable"));
                assumeTrue(protect(undeletable, true), "the file system can protect a file from root");
                left.add(undeletable);
                Files.writeString(present.resolve("config"), "[core");
                SubmittedChange change = scene.announce(driver, "app#" + damages, "api", "v" + damages);
                scene.report(driver, change.sha(), CheckState.SUCCESS);
                assertThat(scene.main()).isEqualTo(change.sha());
                assertThat(root.resolve("jenkins." + damages)).isDirectory();
            }
            Files.writeString(root.resolve("jenkins.3/config"), "[core");
            Path last = Files.createFile(root.resolve("jenkins.3/objects/undeletable"));
            protect(last, true);
            left.add(last);
            assertThatThrownBy(() -> scene.announce(driver, "app#4", "api", "v4"))
                    .isInstanceOf(RepoUnavailable.class)
                    .hasMessageContaining("delete them by hand");
        } finally {
            for (Path file : left) {
                protect(file, false);
            }
        }
        SubmittedChange change = scene.announce(driver, "app#5", "api", "v5");
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).as("what was in the way is gone").isEqualTo(change.sha());
        assertThat(clone).isDirectory();
        assertThat(root.resolve("jenkins.1")).doesNotExist();
    }

    private static boolean protect(Path file, boolean on) throws Exception {
        return new ProcessBuilder("chattr", on ? "+i" : "-i", file.toString())
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void aDamageIsLoggedOnceAndTroubleOfTheServerIsNone() throws Exception {
        scene.announce(driver, "app#1", "api", "v1");
        var logged = new ArrayList<String>();
        Logger log = Logger.getLogger(ConfigRepoClone.class.getPackageName());
        var handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(new SimpleFormatter().formatMessage(entry));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(handler);
        try {
            Path away = root.resolve("away.git");
            Files.move(scene.remote, away);
            assertThatThrownBy(driver::round).isInstanceOf(RepoUnavailable.class);
            Files.move(away, scene.remote);
            assertThat(logged).isEmpty();

            Files.writeString(clone.resolve("config"), "[core");
            driver.round();
            driver.round();
            assertThat(logged).singleElement().asString().contains("is damaged", clone.toString(), "config");
        } finally {
            log.removeHandler(handler);
        }
    }

    /** A file of the past, which no round reads. JGit would try without end to copy it to another pack. */
    @Test
    void whatOnlyGarbageCollectionFindsDamagedIsReplacedToo() throws Exception {
        scene.byHand("main", "past.txt", incompressible(), "Write what goes again");
        driver.round();
        flip(pack(), SIZE / 2);
        scene.byHand("main", "past.txt", "gone", "Write another");
        driver.round();
        try (Repository git = new FileRepository(clone.toFile())) {
            for (int i = 0; i < 51; i++) {
                try (ObjectInserter inserter =
                        ((FileRepository) git).getObjectDatabase().newPackInserter()) {
                    inserter.insert(Constants.OBJ_BLOB, new byte[] {(byte) i});
                    inserter.flush();
                }
            }
        }
        Path before = Files.writeString(clone.resolve("before"), "");
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        assertThat(before).as("garbage is collected at the end of the round").exists();

        scene.announce(driver, "app#2", "api", "v2");

        assertThat(before).doesNotExist();
        assertThat(scene.queue()).hasSize(1);
    }

    private static String incompressible() {
        var random = new byte[SIZE];
        new Random(7).nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }

    private Path pack() throws IOException {
        try (Stream<Path> packs = Files.list(clone.resolve("objects/pack"))) {
            return packs.filter(file -> file.toString().endsWith(".pack"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[at] ^= 0x15;
        Files.delete(file);
        Files.write(file, content);
    }

    @Test
    void aFullDiskIsNamedAndForgottenWhenItHasSpaceAgain() throws Exception {
        try (var memory = new MemoryScene()) {
            var disk = new MemoryRepository();
            Driver full = memory.driver("full", memory.server, new CloneStore() {
                @Override
                public Repository open() {
                    return disk;
                }

                @Override
                public void abandon() {
                    disk.objects().clear();
                }
            });
            full.round();
            disk.fill(true);
            var refused =
                    full.submit(new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))));
            assertThatThrownBy(full::round)
                    .isInstanceOf(RepoUnavailable.class)
                    .hasMessageContaining("No space left on device");
            assertThat(memory.ref(SimulationLedger.AUTO)).isEqualTo(memory.ref(SimulationLedger.MAIN));

            disk.fill(false);
            full.round();
            assertThat(memory.ref(SimulationLedger.AUTO).name())
                    .isEqualTo(refused.join().sha());
        }
    }
}
