package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.CommitSha;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The commit of the application that images were built from. A tag that is a full SHA is that commit. The checked out
 * commit is that of the last checkout of the build, which may be of a shared library or of another repository.
 *
 * @param sha empty if it is not known
 * @param disagreement a sentence about tags and a checked out commit that contradict each other
 */
public record AppCommit(Optional<String> sha, Optional<String> disagreement) {

    /**
     * Finds the commit.
     *
     * @param tags the bare tags of the images
     * @param checkedOut the variable {@code GIT_COMMIT} of the build, or null
     */
    public static AppCommit of(Collection<String> tags, @Nullable String checkedOut) {
        var tagged = new TreeSet<String>();
        tags.stream().filter(CommitSha::isFull).forEach(tagged::add);
        if (tagged.isEmpty() || checkedOut != null && tagged.contains(checkedOut)) {
            return new AppCommit(Optional.ofNullable(checkedOut), Optional.empty());
        }
        Optional<String> sha = tagged.size() == 1 ? Optional.of(tagged.first()) : Optional.empty();
        String taken = sha.isPresent()
                ? "the tag is recorded."
                : "none is recorded. Say by appSha: which commit the images are of.";
        return new AppCommit(
                sha,
                checkedOut == null
                        ? Optional.empty()
                        : Optional.of(
                                "GIT_COMMIT is " + CommitSha.abbreviate(checkedOut) + ", but the images are tagged "
                                        + String.join(
                                                ", ",
                                                tagged.stream()
                                                        .map(CommitSha::abbreviate)
                                                        .toList())
                                        + "; " + taken));
    }
}
