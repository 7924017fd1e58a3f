package io.jenkins.plugins.gitops.world;

import io.jenkins.plugins.gitops.world.ApplicationSpec.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What an application is to be at certain revisions.
 *
 * @param revisions the commit of each source
 * @param trees the id of each source's folder, which changes when any manifest below it does
 * @param images what the pods run, sorted
 */
record SyncTarget(List<String> revisions, List<Source> sources, List<String> trees, List<String> images) {

    /**
     * Reads it from git.
     *
     * @param wanted revisions in place of those that the sources follow, by position, which counts from 1
     * @throws IllegalStateException if it cannot be read, in Argo CD's words
     */
    static SyncTarget read(ApplicationSpec spec, GitRepositories repositories, Map<Integer, String> wanted) {
        List<String> revisions = new ArrayList<>();
        List<String> trees = new ArrayList<>();
        var images = new TreeSet<String>();
        int position = 0;
        for (Source source : spec.sources) {
            position++;
            try {
                GitCommit commit =
                        repositories.resolve(source.repoUrl(), wanted.getOrDefault(position, source.targetRevision()));
                String path = source.path().replaceAll("^(\\./)+|^\\.$|/+$", "");
                revisions.add(commit.sha());
                trees.add(commit.id(path)
                        .orElseThrow(() -> new IllegalStateException(path + ": app path does not exist")));
                images.addAll(spec.rendering.images(commit, path));
            } catch (IllegalStateException e) {
                throw new IllegalStateException(
                        "Failed to load target state: failed to generate manifest for source " + position + " of "
                                + spec.sources.size() + ": rpc error: code = Unknown desc = " + e.getMessage(),
                        e);
            }
        }
        return new SyncTarget(revisions, List.copyOf(spec.sources), trees, List.copyOf(images));
    }

    /** Whether nothing has to be applied where the other one is, if any is. */
    boolean sameAs(SyncTarget other) {
        return other != null && trees.equals(other.trees) && images.equals(other.images);
    }
}
