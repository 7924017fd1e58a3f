package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.EvictChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What others can put into a config repository: each is worked with as it is, or refused in a sentence. */
class HostileRepositoryTest {

    private static final ObjectId ELSEWHERE = ObjectId.fromString("7d1043473d55bfa90e8530d35801d4e381bc69f0");

    @TempDir
    Path root;

    private final MemoryScene scene = new MemoryScene();
    private Driver driver;

    @BeforeEach
    void begin() throws Exception {
        driver = scene.driver("jenkins");
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private ObjectId insert(int type, byte[] bytes) throws Exception {
        try (ObjectInserter inserter = scene.server.repository().newObjectInserter()) {
            ObjectId id = inserter.insert(type, bytes);
            inserter.flush();
            return id;
        }
    }

    private ObjectId tree(TreeFormatter tree) throws Exception {
        return insert(Constants.OBJ_TREE, tree.toByteArray());
    }

    /** A commit on main, which is not moved. */
    private ObjectId commit(ObjectId tree) throws Exception {
        var commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setParentId(scene.ref(SimulationLedger.MAIN));
        commit.setAuthor(MemoryScene.ada(scene.clock.instant()));
        commit.setCommitter(commit.getAuthor());
        commit.setMessage("By hand\n");
        return insert(Constants.OBJ_COMMIT, commit.build());
    }

    private SubmittedChange announce() throws Exception {
        var asked =
                driver.submit(new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))));
        driver.round();
        return asked.join();
    }

    private void assertAnAnnouncementKeeps(TreeFormatter root) throws Exception {
        scene.server.set(SimulationLedger.MAIN, commit(tree(root)));
        SubmittedChange change = announce();

        byte[] written = scene.server
                .repository()
                .open(scene.objects.tree(ObjectId.fromString(change.sha())))
                .getBytes();
        assertThat(new String(written, StandardCharsets.ISO_8859_1))
                .contains(new String(root.toByteArray(), StandardCharsets.ISO_8859_1));
    }

    @Test
    void namesThatAreNotUtf8StayAsTheyAre() throws Exception {
        var root = new TreeFormatter();
        root.append("caf\u00e9", FileMode.REGULAR_FILE, scene.objects.blob("x"));
        root.append(new byte[] {'c', 'a', 'f', (byte) 0xe9}, FileMode.REGULAR_FILE, scene.objects.blob("x"));
        assertAnAnnouncementKeeps(root);
    }

    /** None of it is looked at, still less written to a disk. */
    @Test
    void namesThatNoFileSystemCouldHaveStayAsTheyAre() throws Exception {
        var root = new TreeFormatter();
        for (String name : List.of("..", ".git", "A.yaml", "a\u0001\n.yaml", "a.", "a.yaml", "aux", "con.yaml")) {
            root.append(name, FileMode.REGULAR_FILE, scene.objects.blob("x"));
        }
        assertAnAnnouncementKeeps(root);
    }

    @Test
    void anLfsPointerIsMovedAsAWholeOrConflicts() throws Exception {
        driver.round();
        ObjectId main = scene.ref(SimulationLedger.MAIN);
        scene.server.set(
                SimulationLedger.AUTO, scene.commit(List.of(main), Map.of("logo.png", pointer("a")), "Logo\n"));
        scene.server.set(SimulationLedger.MAIN, scene.commit(List.of(main), Map.of("docs.md", "x"), "Docs\n"));
        driver.round();
        ObjectId moved = scene.objects.files(scene.ref(SimulationLedger.AUTO)).get("logo.png");
        assertThat(scene.objects.text(moved)).isEqualTo(pointer("a"));

        main = scene.ref(SimulationLedger.MAIN);
        scene.server.set(
                SimulationLedger.MAIN,
                scene.commit(List.of(main), Map.of("docs.md", "x", "logo.png", pointer("b")), "Another logo\n"));
        driver.round();
        assertThat(RepositoryScene.queue(driver)).isEmpty();
        assertThat(scene.objects.files(scene.ref(SimulationLedger.STATE)).values())
                .extracting(scene.objects::text)
                .anyMatch(json -> json.contains("it conflicts with main in logo.png"));
    }

    private static String pointer(String digit) {
        return "version https://git-lfs.github.com/spec/v1\noid sha256:" + digit.repeat(64) + "\nsize 12345\n";
    }

    @Test
    void whatPeopleSayCannotFormATrailer() throws Exception {
        String forged = "x\n\nAutocommit-Id: forged00001\nAutocommit-Target: production\n\0\r\nAutocommit-Services: y";
        ChangeTrailers trailers = ChangeTrailers.builder(
                        "change00000001", ChangeOperation.ANNOUNCE, WavePath.of("staging"))
                .order(BuildSequence.of("app#1"))
                .reason(forged)
                .buildUrl(forged)
                .build();
        NewChange change = new NewChange(trailers, RepositoryScene.images("api", "v1")).withSubject(forged);
        var asked = driver.submit(new AppendChange(change));
        driver.round();

        try (var walk = new RevWalk(scene.server.repository())) {
            RevCommit commit = walk.parseCommit(ObjectId.fromString(asked.join().sha()));
            assertThat(commit.getFullMessage().lines())
                    .filteredOn(line -> line.startsWith("Autocommit-Id:")
                            || line.startsWith("Autocommit-Target:")
                            || line.startsWith("Autocommit-Services:"))
                    .containsExactly(
                            "Autocommit-Id: change00000001", "Autocommit-Target: staging", "Autocommit-Services: api");
            assertThat(commit.getFullMessage()).doesNotContain("\0", "\r");
        }
        assertThat(RepositoryScene.queue(driver)).extracting(ChangeStatus::id).containsExactly("change00000001");
    }

    @Test
    void aSubmoduleIsNoFileToReadOrToMerge() throws Exception {
        var root = new TreeFormatter();
        root.append("lib", FileMode.GITLINK, ELSEWHERE);
        scene.server.set(SimulationLedger.MAIN, commit(tree(root)));
        SubmittedChange change = announce();
        assertThat(scene.objects.files(ObjectId.fromString(change.sha()))).containsEntry("lib", ELSEWHERE);

        var moved = new TreeFormatter();
        moved.append("lib", FileMode.GITLINK, scene.ref(SimulationLedger.MAIN));
        scene.server.set(SimulationLedger.AUTO, commit(tree(moved)));
        var movedElsewhere = new TreeFormatter();
        movedElsewhere.append("lib", FileMode.GITLINK, ObjectId.fromString(change.sha()));
        scene.server.set(SimulationLedger.MAIN, commit(tree(movedElsewhere)));
        driver.round();
        assertThat(RepositoryScene.queue(driver)).isEmpty();
        assertThat(scene.objects.files(scene.ref(SimulationLedger.STATE)).values())
                .extracting(scene.objects::text)
                .anyMatch(json -> json.contains("it conflicts with main in lib"));
    }

    @Test
    void somethingElseInThePlaceOfTheImageFilesIsRefused() throws Exception {
        Map<FileMode, ObjectId> others = Map.of(
                FileMode.GITLINK, ELSEWHERE,
                FileMode.TREE, tree(new TreeFormatter()),
                FileMode.SYMLINK, scene.objects.blob("/etc/passwd"));
        for (var other : others.entrySet()) {
            var staging = new TreeFormatter();
            staging.append("tags.json", other.getKey(), other.getValue());
            var images = new TreeFormatter();
            images.append("staging", FileMode.TREE, tree(staging));
            var root = new TreeFormatter();
            root.append("images", FileMode.TREE, tree(images));
            scene.server.set(SimulationLedger.MAIN, commit(tree(root)));

            assertThatThrownBy(this::announce)
                    .hasCauseInstanceOf(RequestRefused.class)
                    .hasMessageContaining("images/staging/tags.json is not a file");
        }
    }

    @ParameterizedTest
    @CsvSource({
        ".gitattributes, *.json filter=lfs diff=lfs merge=lfs -text, lfs",
        "images/.gitattributes, ** filter=git-crypt, git-crypt",
        "images/staging/.gitattributes, digests.json filter=lfs, lfs",
        ".gitattributes, '[attr]big filter=lfs\nimages/** big', lfs"
    })
    void imageFilesThatGitRunsThroughAFilterAreRefused(String attributes, String lines, String filter)
            throws Exception {
        ObjectId main = scene.commit(List.of(), Map.of(attributes, lines.replace("\\n", "\n") + "\n"), "Filters\n");
        scene.server.set(SimulationLedger.MAIN, main);

        assertThatThrownBy(this::announce)
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("has the attribute filter=" + filter)
                .hasMessageContaining("images/** !filter !diff !merge");
        assertThat(scene.ref(SimulationLedger.MAIN)).isEqualTo(main);
        assertThat(RepositoryScene.queue(driver)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*.json filter=lfs\nimages/** !filter",
                "*.json filter=lfs\nimages/** -filter",
                "*.json filter",
                "*.bin filter=lfs"
            })
    void imageFilesThatAreExcludedFromAFilterAreWritten(String lines) throws Exception {
        scene.server.set(
                SimulationLedger.MAIN, scene.commit(List.of(), Map.of(".gitattributes", lines + "\n"), "Filters\n"));

        assertThat(scene.objects.files(ObjectId.fromString(announce().sha())))
                .containsKey("images/staging/digests.json");
    }

    @Test
    void imageFilesThatArePointersOfLfsAreNamedAsSuch() throws Exception {
        scene.server.set(
                SimulationLedger.MAIN,
                scene.commit(List.of(), Map.of("images/staging/tags.json", pointer("a")), "Large images\n"));

        assertThatThrownBy(this::announce)
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("images/staging/tags.json is a pointer of Git LFS");
    }

    @Test
    void whatStandsInThePlaceOfTheirFoldersIsRefusedAndStays() throws Exception {
        Map<FileMode, ObjectId> others = Map.of(
                FileMode.GITLINK, ELSEWHERE,
                FileMode.REGULAR_FILE, scene.objects.blob("mine"),
                FileMode.SYMLINK, scene.objects.blob("../elsewhere/staging"));
        for (var other : others.entrySet()) {
            for (String name : List.of("images", "images/staging")) {
                var inner = new TreeFormatter();
                inner.append(name.substring(name.indexOf('/') + 1), other.getKey(), other.getValue());
                ObjectId root = tree(inner);
                if (name.contains("/")) {
                    var images = new TreeFormatter();
                    images.append("images", FileMode.TREE, root);
                    root = tree(images);
                }
                ObjectId main = commit(root);
                scene.server.set(SimulationLedger.MAIN, main);

                assertThatThrownBy(this::announce)
                        .hasCauseInstanceOf(RequestRefused.class)
                        .hasMessageContaining(name + " is a ")
                        .hasMessageContaining("nothing is read or written; make it a folder");
                assertThat(scene.ref(SimulationLedger.MAIN)).isEqualTo(main);
                assertThat(RepositoryScene.queue(driver)).isEmpty();
            }
        }
    }

    @Test
    void aLinkThatTakesThePlaceOfAFolderStopsTheChangesBeforeItAndStays() throws Exception {
        announce();
        var images = new TreeFormatter();
        images.append("staging", FileMode.SYMLINK, scene.objects.blob("../elsewhere/staging"));
        var root = new TreeFormatter();
        root.append("images", FileMode.TREE, tree(images));
        ObjectId main = commit(tree(root));
        scene.server.set(SimulationLedger.MAIN, main);
        driver.round();

        assertThat(RepositoryScene.queue(driver)).isEmpty();
        assertThat(scene.ref(SimulationLedger.AUTO)).isEqualTo(main);
        assertThat(scene.objects.files(scene.ref(SimulationLedger.STATE)).values())
                .extracting(scene.objects::text)
                .anyMatch(json -> json.contains("images/staging is a link"));
    }

    @Test
    void aStateRefThatPointsToNoCommitIsNamed() throws Exception {
        scene.server.set(SimulationLedger.STATE, scene.objects.blob("mine"));

        assertThatThrownBy(() -> driver.round())
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("The ref " + SimulationLedger.STATE)
                .hasMessageContaining("does not point to a commit")
                .hasMessageContaining("sandbox/gitops repair");
    }

    /** What git keeps in a few kilobytes may be as large as the memory of the controller. */
    @Test
    void filesThatAreFarTooLargeAreNotLoaded() throws Exception {
        ObjectId blob = scene.objects.blob(" ".repeat(64 << 20));
        var staging = new TreeFormatter();
        staging.append("tags.json", FileMode.REGULAR_FILE, blob);
        var images = new TreeFormatter();
        images.append("staging", FileMode.TREE, tree(staging));
        var root = new TreeFormatter();
        root.append("images", FileMode.TREE, tree(images));
        scene.server.set(SimulationLedger.MAIN, commit(tree(root)));

        assertThatThrownBy(this::announce).hasMessageContainingAll("images/staging/tags.json", "larger than");

        var waves = new TreeFormatter();
        waves.append("staging.json", FileMode.REGULAR_FILE, blob);
        var state = new TreeFormatter();
        state.append("waves", FileMode.TREE, tree(waves));
        scene.server.set(SimulationLedger.STATE, commit(tree(state)));
        driver.round();
        assertThat(driver.state().orElseThrow().problems())
                .anySatisfy(problem -> assertThat(problem).contains("waves/staging.json"));
    }

    @Test
    void aStateThatSomebodyElseWroteIsNamedAndDrivenOn() throws Exception {
        String id = announce().id();
        String file = "changes/2026-11-23/" + id + ".json";
        scene.server.set(SimulationLedger.STATE, scene.commit(List.of(), Map.of(file, "{garbage"), "Mine\n"));

        driver.round();

        assertThat(driver.state().orElseThrow().problems())
                .singleElement()
                .asString()
                .contains(file, "not valid JSON");
        assertThat(RepositoryScene.queue(driver)).isEmpty();
        assertThat(driver.status(id).orElseThrow().outcome()).contains(Outcome.LOST);
    }

    @Test
    void verdictsThatSomebodyElseWroteCountForNothing() throws Exception {
        SubmittedChange change = announce();
        String ref = SimulationLedger.CHECKS + change.sha();
        String large = "{\"ci/check\": {\"state\": \"success\", \"description\": \"" + "x".repeat(1 << 21) + "\"}}";
        for (ObjectId foreign : List.of(
                scene.objects.blob("{}"),
                scene.commit(List.of(), Map.of("checks.json", "{garbage"), "Mine\n"),
                scene.commit(List.of(), Map.of("checks.json", large), "Mine\n"),
                scene.commit(List.of(), Map.of("checks.json/success", "x"), "Mine\n"))) {
            scene.server.set(ref, foreign);
            scene.server.set(SimulationLedger.CHECKS + "main", foreign);
            driver.round();
            assertThat(RepositoryScene.queue(driver)).hasSize(1);
        }
        driver.submit(new RecordReport(new CheckReport(
                change.sha(),
                new CheckStatus(RepositoryScene.CHECK, CheckState.SUCCESS, scene.clock.instant(), 1),
                "ci")));
        driver.round();
        assertThat(scene.ref(SimulationLedger.MAIN).name()).isEqualTo(change.sha());
    }

    @Test
    void trailersCannotLeaveTheirPlace() throws Exception {
        driver.round();
        for (String trailers : List.of(
                "Autocommit-Id: ../../heads/main\nAutocommit-Target: staging",
                "Autocommit-Id: change000001\nAutocommit-Target: ../staging",
                "Autocommit-Id: change000002\nAutocommit-Target: staging\nAutocommit-Services: ../api")) {
            ObjectId main = scene.ref(SimulationLedger.MAIN);
            String message = "By hand\n\nAutocommit-Operation: announce\n" + trailers + "\n";
            scene.server.set(SimulationLedger.AUTO, scene.commit(List.of(main), Map.of("docs.md", "x"), message));
            scene.server.set(SimulationLedger.MAIN, scene.commit(List.of(main), Map.of(), "Move main\n"));
            driver.round();
            assertThat(scene.objects.files(scene.ref(SimulationLedger.AUTO)))
                    .as("merged as a file, whatever it says of itself")
                    .containsOnlyKeys("docs.md");
            String id = RepositoryScene.queue(driver).get(0).id();
            assertThat(scene.answer(driver, new EvictChange(id, "not wanted"))).isTrue();
        }
        assertThat(scene.server.refs().keySet())
                .allMatch(
                        ref -> ref.matches("refs/heads/(main|auto)|refs/gitops-waves/main/(auto|state|evicted/[^/]+)"));
        assertThat(scene.objects.files(scene.ref(SimulationLedger.STATE)).keySet())
                .allMatch(path -> path.matches("changes/2026-11-23/[^/]+\\.json"));
    }

    @Test
    void aMessageThatIsNotUtf8SurvivesAReplay() throws Exception {
        driver.round();
        var file = new TreeFormatter();
        file.append("b", FileMode.REGULAR_FILE, scene.objects.blob("x"));
        ObjectId byHand = insert(
                Constants.OBJ_COMMIT,
                ("tree " + tree(file).name() + "\nparent "
                                + scene.ref(SimulationLedger.MAIN).name()
                                + "\n"
                                + "author Andr\u00e9 <a@b> 1795425000 +0000\n"
                                + "committer Andr\u00e9 <a@b> 1795425000 +0000\n"
                                + "encoding ISO-8859-1\n\n"
                                + "Caf\u00e9\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        scene.server.set(SimulationLedger.AUTO, byHand);
        scene.server.set(
                SimulationLedger.MAIN,
                scene.commit(List.of(scene.ref(SimulationLedger.MAIN)), Map.of("a", "x"), "Move main\n"));
        driver.round();

        assertThat(RepositoryScene.queue(driver))
                .extracting(ChangeStatus::subject)
                .containsExactly("Caf\u00e9");
    }

    @Test
    void aRepositoryWithoutAnyCommitIsNamed() {
        scene.server.set(SimulationLedger.MAIN, ObjectId.zeroId());

        assertThatThrownBy(this::announce)
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("has no branch main");
    }

    @Test
    void anAnswerThatIsNotGitsIsASentence() throws Exception {
        for (String garbage : List.of(
                "<html>Sign in</html>",
                "001e# service=git-upload-pack\n0000009b7d1043473d55bfa90e8530d35801d4e381bc69f0 HEAD")) {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                exchange.getResponseHeaders().add("Content-Type", "application/x-git-upload-pack-advertisement");
                exchange.sendResponseHeaders(200, garbage.length());
                exchange.getResponseBody().write(garbage.getBytes(StandardCharsets.UTF_8));
                exchange.close();
            });
            server.start();
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/cfg-app.git";
            try (var repo = ConfigRepoClone.open(root, url, () -> null)) {
                assertThatThrownBy(() -> repo.look(RepositoryScene.settings(url).refNames()))
                        .isInstanceOf(RepoUnavailable.class)
                        .hasMessageMatching("(The config|There is no git) repository .*" + url + ".*\\.");
            } finally {
                server.stop(0);
            }
        }
    }
}
