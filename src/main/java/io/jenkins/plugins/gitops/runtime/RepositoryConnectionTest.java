package io.jenkins.plugins.gitops.runtime;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.configuration.Messages;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.ConfigRepoClone.Probed;
import io.jenkins.plugins.gitops.git.RefNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.util.FileUtils;

/** The test of the connection to a config repository: what its main branch is, and which refs may be pushed. */
public final class RepositoryConnectionTest {


    private final RepositoryDefinition given;

    public RepositoryConnectionTest(RepositoryDefinition given) {
        this.given = given;
    }

    public FormValidation answer() throws InterruptedException {
        return ConnectionTest.answer("git", given.reach(), given.missingCredentials(), () -> {
            RepositorySettings settings = given.toSettings();
            return CompletableFuture.supplyAsync(
                            () -> probed(settings), DriverRegistry.get().pool())
                    .thenApply(probed -> said(settings.refNames(), probed));
        });
    }

    private Probed probed(RepositorySettings settings) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("gitops-waves-test");
            try (ConfigRepoClone repository = given.open(folder.resolve("probe.git"), Runnable::run)) {
                return repository.probe(settings.refNames());
            }
        } catch (RepoUnavailable e) {
            throw new CompletionException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(folder);
        }
    }

    private static void delete(@CheckForNull Path folder) {
        try {
            if (folder != null) {
                FileUtils.delete(folder.toFile(), FileUtils.RECURSIVE | FileUtils.RETRY | FileUtils.IGNORE_ERRORS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FormValidation said(RefNames names, Probed probed) {
        ObjectId main = probed.found().get(names.main());
        if (main == null) {
            return FormValidation.error(Messages.RepositoryProbe_NoMain(names.mainBranch()));
        }
        List<String> wanted =
                Stream.of(names.main(), names.auto(), names.state()).toList();
        String at = Messages.RepositoryProbe_Main(
                names.mainBranch(), CommitSha.abbreviate(main));
        if (!probed.refused().isEmpty()) {
            return FormValidation.warning(
                    at + " " + Messages.RepositoryProbe_Refused(String.join(", ", probed.refused())));
        }
        return FormValidation.ok(at + " "
                + Messages.RepositoryProbe_MayPush(String.join(
                        ", ",
                        wanted.stream()
                                .map(ref -> probed.found().containsKey(ref) ? ref : Messages.RepositoryProbe_New(ref))
                                .toList())));
    }
}
