package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.RolloutJudge.CommitHistory;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.util.List;
import java.util.Map;

/**
 * Commits of main without merges.
 *
 * @param line their SHAs, oldest first
 * @param sets the image set of each
 */
public record LinearHistory(List<String> line, Map<String, ImageSet> sets) implements CommitHistory {

    @Override
    public boolean has(String sha) {
        return line.contains(sha);
    }

    @Override
    public boolean contains(String descendant, String ancestor) {
        return line.indexOf(ancestor) <= line.indexOf(descendant);
    }

    @Override
    public ImageSet images(String sha) {
        return sets.get(sha);
    }
}
