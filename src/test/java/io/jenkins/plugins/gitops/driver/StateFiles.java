package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes files into the state ref of a scene, as another program does that may push there. */
final class StateFiles {

    private StateFiles() {}

    /** Adds files in a commit on the state ref. */
    static void put(RepositoryScene scene, String state, Map<String, String> files) throws IOException {
        var entries = new ArrayList<String>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            String blob = GitCli.run(Map.of(), file.getValue(), scene.remote, "hash-object", "-w", "--stdin")
                    .strip();
            entries.add("100644," + blob + "," + file.getKey());
        }
        commit(scene, state, entries);
    }

    /** Puts a submodule into the place of a file. */
    static void link(RepositoryScene scene, String state, String path, String commit) throws IOException {
        commit(scene, state, List.of("160000," + commit + "," + path));
    }

    private static void commit(RepositoryScene scene, String state, List<String> entries) throws IOException {
        Path index = scene.root.resolve("index-of-state");
        Files.deleteIfExists(index);
        var environment = Map.of("GIT_INDEX_FILE", index.toString());
        GitCli.run(environment, scene.remote, "read-tree", state);
        for (String entry : entries) {
            GitCli.run(environment, scene.remote, "update-index", "--add", "--cacheinfo", entry);
        }
        String tree = GitCli.run(environment, scene.remote, "write-tree").strip();
        scene.git("update-ref", state, scene.git("commit-tree", tree, "-p", state, "-m", "Another program"));
    }
}
