package io.jenkins.plugins.gitops.configuration;

import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.argocd.Application;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.configuration.base.ConnectionTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The test of the connection to an Argo CD server: how many applications it has, and which of them are targets of
 * waves.
 */
final class ArgoCdConnectionTest {

    /** The number of names that are listed; the number of applications is always shown. */
    private static final int MOST_NAMES = 20;

    private final ArgoCdServerDefinition server;

    ArgoCdConnectionTest(ArgoCdServerDefinition server) {
        this.server = server;
    }

    /** Describes how many applications there are, and which of them are targets of the saved waves. */
    FormValidation testServer() throws InterruptedException {
        return answer(applications -> {
            List<String> lines = new ArrayList<>();
            lines.add(Messages.ArgoCdConnectionTest_Seen(applications.size()));
            for (RepositoryDefinition repository :
                    GitOpsWavesConfiguration.get().getRepositories()) {
                for (WaveDefinition wave : repository.getWaves()) {
                    if (Objects.equals(server.getName(), wave.getArgoServer())) {
                        lines.add(
                                repository.getName() + ", " + wave.getName() + ": " + targetNames(wave, applications));
                    }
                }
            }
            return FormValidation.ok(String.join("\n", lines));
        });
    }

    /** Describes which applications are targets of a wave. */
    FormValidation testWave(WaveDefinition wave) throws InterruptedException {
        return answer(applications -> {
            String names = targetNames(wave, applications);
            return names.equals(Messages.ArgoCdConnectionTest_None())
                    ? FormValidation.warning(names)
                    : FormValidation.ok(names);
        });
    }

    private FormValidation answer(Function<List<Application>, FormValidation> result) throws InterruptedException {
        return ConnectionTest.answer(
                "Argo CD " + server.getName(),
                server.privilegedSettings(),
                server.missingCredentials(),
                () -> FormBackend.get().listApplications(server).thenApply(result));
    }

    private static String targetNames(WaveDefinition wave, List<Application> applications) {
        Optional<TargetSelection> targets = wave.toWave().targets();
        List<String> names = applications.stream()
                .filter(application -> targets.filter(selection -> selection.selects(application))
                        .isPresent())
                .map(application -> application.id().toString())
                .sorted()
                .toList();
        if (names.isEmpty()) {
            return Messages.ArgoCdConnectionTest_None();
        }
        return names.size()
                + " ("
                + names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
                + (names.size() > MOST_NAMES ? ", ..." : "")
                + ")";
    }
}
