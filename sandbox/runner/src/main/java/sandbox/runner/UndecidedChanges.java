package sandbox.runner;

import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** Lists the queued commits of all repositories, read from the clones of their drivers. */
final class UndecidedChanges {
    private static final int SHORT = 10;

    private UndecidedChanges() {}

    static List<String> sentences(Path home) {
        List<String> sentences = new ArrayList<>();
        for (RepositoryDefinition repository : GitOpsWavesConfiguration.get().getRepositories()) {
            Path clone = home.resolve("gitops-waves").resolve(repository.getName() + ".git");
            if (Files.exists(clone)) {
                try (Repository git =
                        new FileRepositoryBuilder().setGitDir(clone.toFile()).build()) {
                    sentences.addAll(undecided(repository, git));
                } catch (IOException e) {
                    sentences.add("What waits in " + repository.getName() + " cannot be read: " + e.getMessage());
                }
            }
        }
        return sentences;
    }

    private static List<String> undecided(RepositoryDefinition repository, Repository git) throws IOException {
        ObjectId main = git.resolve("refs/heads/" + repository.getMainBranch());
        ObjectId auto = git.resolve("refs/heads/" + repository.getAutoBranch());
        List<String> sentences = new ArrayList<>();
        if (main == null || auto == null) {
            return sentences;
        }
        try (RevWalk walk = new RevWalk(git)) {
            walk.sort(RevSort.REVERSE);
            walk.markStart(walk.parseCommit(auto));
            walk.markUninteresting(walk.parseCommit(main));
            for (RevCommit commit : walk) {
                sentences.add("Undecided in " + repository.getName() + ": "
                        + commit.abbreviate(SHORT).name() + " " + commit.getShortMessage()
                        + "; the next run judges it.");
            }
        }
        return sentences;
    }
}
