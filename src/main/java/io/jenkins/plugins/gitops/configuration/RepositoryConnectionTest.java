package io.jenkins.plugins.gitops.configuration;

import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.configuration.base.ConnectionTest;
import io.jenkins.plugins.gitops.git.ConfigRepoClone.Probed;
import io.jenkins.plugins.gitops.git.RefNames;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;

/** The test of the connection to a config repository: where its main branch is, and which refs may be pushed. */
final class RepositoryConnectionTest {

    private final RepositoryDefinition repository;

    RepositoryConnectionTest(RepositoryDefinition repository) {
        this.repository = repository;
    }

    FormValidation answer() throws InterruptedException {
        return ConnectionTest.answer(
                "git",
                new RepositoryPrivileges(repository).connection(),
                repository.credentials().missing(),
                () -> {
                    RefNames names = repository.toSettings().refNames();
                    return FormBackend.get().probeRepository(repository).thenApply(probed -> result(names, probed));
                });
    }

    private static FormValidation result(RefNames names, Probed probed) {
        ObjectId main = probed.found().get(names.main());
        if (main == null) {
            return FormValidation.error(Messages.RepositoryConnectionTest_NoMain(names.mainBranch()));
        }
        String at = Messages.RepositoryConnectionTest_Main(names.mainBranch(), CommitSha.abbreviate(main));
        if (!probed.refused().isEmpty()) {
            return FormValidation.warning(at + " "
                    + Messages.RepositoryConnectionTest_Refused(
                            String.join(", ", probed.refused().keySet())));
        }
        String writable = Stream.of(names.main(), names.auto(), names.state())
                .map(ref -> probed.found().containsKey(ref) ? ref : Messages.RepositoryConnectionTest_New(ref))
                .collect(Collectors.joining(", "));
        return FormValidation.ok(at + " " + Messages.RepositoryConnectionTest_MayPush(writable));
    }
}
