package io.jenkins.plugins.gitops.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FileUtils;

/** A clone in a folder of the file system, which is created if it is missing. */
record CloneFolder(Path folder) implements CloneStore {

    @Override
    public Repository open() throws IOException {
        var git =
                new FileRepositoryBuilder().setBare().setGitDir(folder.toFile()).build();
        if (!Files.exists(folder.resolve("HEAD"))) {
            Files.createDirectories(folder);
            git.create(true);
        }
        return git;
    }

    @Override
    public void delete() throws IOException {
        FileUtils.delete(folder.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
