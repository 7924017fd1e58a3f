package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The config repository of a scene, as people and CI see it. Revisions are refs, branches or SHAs, with {@code ~} and a
 * number for their first parents.
 */
interface SceneOrigin extends AutoCloseable {

    /** The address at which drivers reach it. */
    String url();

    /** Opens the clone of a driver, by its name. */
    ConfigRepoClone open(String name, CredentialsSource credentials) throws RepoUnavailable;

    ConfigRepoClone open(String name) throws RepoUnavailable;

    /** Commits a file on top of a branch, or of the last commit made here where there is none; returns the SHA. */
    String commit(String branch, String file, String content, String message);

    /** The SHA of a revision. */
    Optional<String> find(String revision);

    /** The text of a file without white space at its ends. */
    String text(String revision, String file);

    /** The paths of the files of a folder, or of all. */
    List<String> files(String revision, String folder);

    String message(String revision);

    /**
     * The first parents from one revision, which is left out, to another, oldest first.
     *
     * @param from empty for all of them
     */
    List<String> line(String from, String to);

    /** The SHAs of all refs. */
    Map<String, String> refs();

    /** Moves a ref, whatever it is now. */
    void move(String ref, String revision);

    void delete(String ref);

    @Override
    void close();
}
