package io.jenkins.plugins.gitops.configuration;

import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.git.ConfigRepoClone.Probed;
import io.jenkins.plugins.gitops.git.RefNames;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;

/** The test of the connection to a config repository: what its main branch is, and which refs may be pushed. */
final class RepositoryConnectionTest {

    private final RepositoryDefinition given;

    RepositoryConnectionTest(RepositoryDefinition given) {
        this.given = given;
    }

    FormValidation answer() throws InterruptedException {
        return ConnectionTest.answer("git", given.reach(), given.missingCredentials(), () -> {
            RefNames names = given.toSettings().refNames();
            return FormBackend.get().probeRepository(given).thenApply(probed -> result(names, probed));
        });
    }

    private static FormValidation result(RefNames names, Probed probed) {
        ObjectId main = probed.found().get(names.main());
        if (main == null) {
            return FormValidation.error(Messages.RepositoryProbe_NoMain(names.mainBranch()));
        }
        List<String> wanted =
                Stream.of(names.main(), names.auto(), names.state()).toList();
        String at = Messages.RepositoryProbe_Main(names.mainBranch(), CommitSha.abbreviate(main));
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
