package io.jenkins.plugins.gitops.world;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The repositories that applications deploy from, with one clone of each. */
final class GitRepositories {

    private final Path folder;
    private final Map<String, String> fetchUrls = new HashMap<>();
    private final Map<String, Clone> clones = new HashMap<>();

    /** Keeps the clones in a folder, which is created on first use. */
    GitRepositories(Path folder) {
        this.folder = folder;
    }

    /** Sets the URL that a repository is fetched from: one with user and password, or a path. */
    synchronized void fetchFrom(String repoUrl, String fetchUrl) {
        fetchUrls.put(repoUrl, fetchUrl);
    }

    /** Discards the known branches of all repositories, so that they are fetched again. */
    synchronized void lookAgain() {
        clones.values().forEach(clone -> clone.refs = null);
    }

    /**
     * The commit that a branch, a tag or a full SHA means; the empty one means the default branch.
     *
     * @throws IllegalStateException if there is no such commit or repository, or the server does not answer
     */
    synchronized GitCommit resolve(String repoUrl, String targetRevision) {
        String url = fetchUrls.getOrDefault(repoUrl, repoUrl);
        return clones.computeIfAbsent(url, unseen -> new Clone(url, folder.resolve("clone-" + clones.size())))
                .resolve(targetRevision);
    }

    private static final class Clone {
        private final String url;
        private final Path directory;
        private final Map<String, GitCommit> commits = new HashMap<>();
        private Map<String, String> refs;
        private IllegalStateException failure;

        Clone(String url, Path directory) {
            this.url = url;
            this.directory = directory;
        }

        GitCommit resolve(String revision) {
            if (!Files.exists(directory)) {
                GitCli.createBare(directory, "main");
            }
            return commits.computeIfAbsent(find(revision), this::fetch);
        }

        private String find(String revision) {
            if (refs == null) {
                list();
            }
            if (failure != null) {
                throw failure;
            }
            if (revision.matches("[0-9a-f]{40}")) {
                return revision;
            }
            // The commit that an annotated tag names comes before the tag itself.
            String[] names = {"refs/heads/" + revision, "refs/tags/" + revision + "^{}", "refs/tags/" + revision};
            if (revision.isEmpty() || revision.equals("HEAD")) {
                names = new String[] {"HEAD"};
            }
            for (String name : names) {
                if (refs.containsKey(name)) {
                    return refs.get(name);
                }
            }
            throw new IllegalStateException("unable to resolve '" + revision + "' to a commit SHA");
        }

        private void list() {
            refs = new HashMap<>();
            failure = null;
            try {
                for (String line : GitCli.run(directory, "ls-remote", url).split("\n")) {
                    String[] words = line.split("\t");
                    if (words.length == 2) {
                        refs.put(words[1], words[0]);
                    }
                }
            } catch (IllegalStateException e) {
                failure = new IllegalStateException("failed to list refs: " + e.getMessage(), e);
            }
        }

        private GitCommit fetch(String sha) {
            if (!GitCli.succeeds(directory, "cat-file", "-e", sha + "^{commit}")) {
                GitCli.run(
                        directory,
                        "fetch",
                        "--quiet",
                        "--prune",
                        url,
                        "+refs/heads/*:refs/heads/*",
                        "+refs/tags/*:refs/tags/*");
            }
            return new GitCommit(
                    directory,
                    GitCli.run(directory, "rev-parse", sha + "^{commit}").strip());
        }
    }
}
