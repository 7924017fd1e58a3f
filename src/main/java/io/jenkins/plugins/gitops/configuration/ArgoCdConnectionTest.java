package io.jenkins.plugins.gitops.configuration;

import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.argocd.Application;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The test of the connection to an Argo CD server: which applications it has, and which of them waves take. */
final class ArgoCdConnectionTest {

    /** More names help nobody; the number is told always. */
    private static final int MOST_NAMES = 20;

    private final ArgoCdServerDefinition server;

    ArgoCdConnectionTest(ArgoCdServerDefinition server) {
        this.server = server;
    }

    /** How many applications there are, and which the saved waves of this server take. */
    FormValidation all() throws InterruptedException {
        return answer(applications -> {
            List<String> lines = new ArrayList<>();
            lines.add(Messages.TargetsProbe_Seen(applications.size()));
            for (RepositoryDefinition repository : GitOpsWavesConfiguration.get().getRepositories()) {
                for (WaveDefinition wave : repository.getWaves()) {
                    if (Objects.equals(server.getName(), wave.getArgoServer())) {
                        lines.add(repository.getName() + ", " + wave.getName() + ": " + taken(wave, applications));
                    }
                }
            }
            return FormValidation.ok(String.join("\n", lines));
        });
    }

    /** Which applications a wave takes. */
    FormValidation of(WaveDefinition wave) throws InterruptedException {
        return answer(applications -> {
            String taken = taken(wave, applications);
            return taken.equals(Messages.TargetsProbe_None())
                    ? FormValidation.warning(taken)
                    : FormValidation.ok(taken);
        });
    }

    private FormValidation answer(Function<List<Application>, FormValidation> result) throws InterruptedException {
        return ConnectionTest.answer("Argo CD " + server.getName(), server.reach(), server.missingCredentials(), () ->
                FormBackend.get().listApplications(server).thenApply(result));
    }

    private static String taken(WaveDefinition wave, List<Application> applications) {
        TargetSelection targets = wave.toWave().targets();
        List<String> names = applications.stream()
                .filter(application -> targets != null && targets.selects(application))
                .map(application -> application.id().toString())
                .sorted()
                .toList();
        if (names.isEmpty()) {
            return Messages.TargetsProbe_None();
        }
        return names.size()
                + " ("
                + names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
                + (names.size() > MOST_NAMES ? ", ..." : "")
                + ")";
    }
}
