package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.git.CommitGraph;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;

/** Looks up the commits of main and the waves that people name. */
final class RevisionFinder {

    private final RepositorySettings settings;
    private final CommitGraph graph;
    private final ObjectId main;

    RevisionFinder(RepositorySettings settings, CommitGraph graph, ObjectId main) {
        this.settings = settings;
        this.graph = graph;
        this.main = main;
    }

    /**
     * The commit of main that a person names, by its SHA or the beginning of it.
     *
     * @throws RequestRefused if there is none, or there are several
     */
    ObjectId onMain(String revision) throws IOException, RequestRefused {
        List<ObjectId> found = graph.beginningWith(revision, main);
        if (found.size() > 1) {
            throw new RequestRefused("Several commits of " + settings.mainBranch() + " begin with " + revision + ": "
                    + CommitSha.abbreviate(found.get(0)) + " and " + CommitSha.abbreviate(found.get(1))
                    + "; give more of it.");
        }
        if (found.isEmpty()) {
            throw new RequestRefused("The branch " + settings.mainBranch() + " of " + settings.url()
                    + " has no commit " + SingleLine.excerpt(revision)
                    + "; give the SHA of one that is on it, or its first digits, at least four.");
        }
        return found.get(0);
    }

    /**
     * The wave of the path of an image set.
     *
     * @throws RequestRefused if the settings do not have it
     */
    Wave wave(WavePath path) throws RequestRefused {
        try {
            Wave wave = settings.wave(path);
            if (!settings.wavePaths().contains(path)) {
                settings.imageSet(path.set());
                throw new IllegalArgumentException("The wave " + path.wave() + " has several image sets; name one.");
            }
            return wave;
        } catch (IllegalArgumentException e) {
            throw new RequestRefused(e.getMessage());
        }
    }
}
