package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.generation.GenerationWorkQueue;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The published automation rebases the auto branch with a merge driver that generates a file again, where git calls it:
 * only for a file that both sides have changed, and with a working tree that git has not brought up to date yet. Each
 * case is taken by git with such a driver, and by the engine: where the trees differ, those of git do not fit.
 */
class GeneratedDifferentialTest extends DriverTestBase {

    /** Writes what {@link SimulatedGenerator} makes of the files of a working tree. */
    private static final String REGENERATE = """
            #!/bin/sh
            # regenerate OUT; git's own temporary files are beside it, and what is written is no input
            find . -type f ! -path './.git/*' ! -path './generated/*' ! -name '.merge_file_*' |
                sed 's|^\\./||' | LC_ALL=C sort | while read -r file; do
                    echo "$file:"
                    sed 's/^/  /' "$file"
                done >"$1.new"
            mv "$1.new" "$1"
            """;

    private Driver driver;
    private Path script;
    private Path byScript;

    @BeforeEach
    void open() throws Exception {
        scene.byHand(".gitattributes", "/generated/*.yaml merge=regenerateyaml\n", "Name the merge driver");
        scene.byHand("targets.txt", "one target\n", "Add a target");
        generateMain();
        driver = scene.driver("driver", scene.generating());
        script = Files.writeString(root.resolve("regenerate"), REGENERATE);
        settle();
    }

    private void generateMain() throws Exception {
        scene.byHand(SimulatedGenerator.FILE, made("main"), "Generate");
    }

    private void append(String order, String service, String version) throws Exception {
        driver.submit(new AppendChange(RepositoryScene.change(order, RepositoryScene.images(service, version))));
        settle();
    }

    private void settle() throws Exception {
        GenerationWorkQueue wanted = driver.generation().orElseThrow();
        var generator = new SimulatedGenerator(driver);
        driver.round();
        while (wanted.wantsBuild()) {
            generator.run();
            driver.round();
        }
    }

    /** What a generator makes of the other files of a commit. */
    private String made(String commit) {
        return made(scene.remote, commit);
    }

    private static String made(Path repository, String commit) {
        var inputs = new TreeMap<String, String>();
        for (String path : GitCli.run(repository, "ls-tree", "-r", "--name-only", commit)
                .lines()
                .toList()) {
            if (!path.startsWith("generated/")) {
                inputs.put(path, GitCli.run(repository, "show", commit + ":" + path));
            }
        }
        return SimulatedGenerator.text(inputs).orElseThrow();
    }

    private static boolean fits(Path repository, String commit) {
        return GitCli.run(repository, "show", commit + ":" + SimulatedGenerator.FILE)
                .equals(made(repository, commit));
    }

    private void cloneForScript() {
        byScript = root.resolve("by-script");
        GitCli.run(root, "clone", "-q", "--branch", "auto", scene.remote.toString(), byScript.toString());
        GitCli.run(byScript, "config", "merge.regenerateyaml.driver", "sh '" + script + "' %A");
    }

    /** Whether git gets through. */
    private boolean rebase() {
        GitCli.run(byScript, "fetch", "-q", "origin");
        return GitCli.succeeds(byScript, "rebase", "-q", "origin/main");
    }

    private List<String> commits(Path repository, String range) {
        return GitCli.run(repository, "rev-list", "--reverse", range).lines().toList();
    }

    /** Lets both replay the queue; returns the commits of git that do not fit, of those that it has made. */
    private List<String> compare() throws Exception {
        boolean through = rebase();
        settle();
        List<String> ours = commits(scene.remote, "main..auto");
        assertThat(ours).isNotEmpty().allMatch(commit -> fits(scene.remote, commit));
        var unfit = new ArrayList<String>();
        if (!through) {
            return List.of("conflict");
        }
        List<String> theirs = commits(byScript, "origin/main..HEAD");
        assertThat(theirs).hasSameSizeAs(ours);
        for (int i = 0; i < theirs.size(); i++) {
            if (!tree(byScript, theirs.get(i)).equals(tree(scene.remote, ours.get(i)))) {
                assertThat(fits(byScript, theirs.get(i)))
                        .as("a tree of git that differs from the engine's")
                        .isFalse();
                unfit.add(theirs.get(i));
            }
        }
        return unfit;
    }

    private static String tree(Path repository, String commit) {
        return GitCli.run(repository, "rev-parse", commit + "^{tree}");
    }

    @Test
    void aChangeOfSourcesAloneLeavesTheScriptWithStaleFiles() throws Exception {
        append("orders#1", "orders", "v1");
        cloneForScript();
        scene.byHand("targets.txt", "two targets\n", "Add another target");

        assertThat(compare()).hasSize(1);
    }

    @Test
    void whereBothHaveGeneratedTheEngineIsRightWhateverTheScriptMakes() throws Exception {
        append("orders#1", "orders", "v1");
        cloneForScript();
        scene.byHand("targets.txt", "two targets\n", "Add another target");
        generateMain();

        compare();
    }

    @Test
    void aQueueIsGeneratedCommitByCommit() throws Exception {
        append("orders#1", "orders", "v1");
        append("shop#1", "shop", "v1");
        append("orders#2", "orders", "v2");
        cloneForScript();
        scene.byHand("targets.txt", "two targets\n", "Add another target");
        generateMain();

        compare();
    }

    @Test
    void imagesThatPeopleChangedToo() throws Exception {
        append("orders#1", "orders", "v1");
        scene.byHand("images/staging/tags.json", scene.git("show", "auto:images/staging/tags.json") + "\n", "-");
        scene.byHand("images/staging/digests.json", scene.git("show", "auto:images/staging/digests.json") + "\n", "-");
        generateMain();
        settle();
        append("orders#2", "orders", "v2");
        append("orders#3", "orders", "v3");
        cloneForScript();
        scene.byHand(
                "images/staging/tags.json",
                scene.git("show", "main:images/staging/tags.json").replace("v1", "v1-mended") + "\n",
                "Mend a tag");
        generateMain();

        assertThat(compare()).containsExactly("conflict");
    }

    @Test
    void whatDoesNotConcernTheGeneratorIsTheSame() throws Exception {
        append("orders#1", "orders", "v1");
        cloneForScript();

        assertThat(compare()).isEmpty();
    }
}
