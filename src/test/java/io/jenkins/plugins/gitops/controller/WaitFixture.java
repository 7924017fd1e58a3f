package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.steps.ArgoCdFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;

/** Builds that wait in each way in which steps wait, and a world that does at last what they wait for. */
final class WaitFixture implements AutoCloseable {

    static final Duration LONG = Duration.ofMinutes(2);

    private static final String COMMIT = """
        recordImage service: 'Service1', image: 'docker.example.com/service1', tag: '1', digest: '%s', verify: false
        commitConfig wave: 'staging'
        """.formatted(DeliveryFixture.DIGEST);
    private static final String UNTIL_GO =
            "sh 'mkdir -p generated; until test -e GO; do sleep 0.1; done; echo made > generated/all.yaml'";
    private static final String ROLL_OUT = COMMIT + "waitForCiAndMerge()\nawaitArgoSync wave: 'staging'\n";
    private static final String MERGE = "\nwaitForCiAndMerge()\n";

    /** What a build waits for, with what its log says then. */
    enum Wait {
        VERDICT(COMMIT + MERGE, "Waiting for " + DeliveryFixture.CHECK),
        ROLLOUT(ROLL_OUT, "Wave staging: 0 of 2 targets"),
        PROMOTION(COMMIT + MERGE + "promoteWave to: 'internal', wait: true" + MERGE, "deployed and healthy"),
        BODY(body("1", UNTIL_GO) + MERGE, "+ test -e"),
        TURN_OF_A_BODY(
                """
                parallel(
                    first: { FIRST },
                    second: { node { sleep 1; commitConfig(IMAGES) {
                        sh 'mkdir -p generated; echo made > generated/second.yaml' } } })
                """.replace("FIRST", body("1", UNTIL_GO)).replace("IMAGES", images("2")) + MERGE,
                "Waiting for the turn of this body"),
        BODY_OF_A_PROMOTION(
                ROLL_OUT + "node { promoteWave(to: 'internal', wait: true) { " + UNTIL_GO + " } }" + MERGE,
                "+ test -e");

        private final String script;
        private final String sign;

        Wait(String script, String sign) {
            this.script = script;
            this.sign = sign;
        }

        private static String body(String tag, String shell) {
            return "node { commitConfig(" + images(tag) + ") { " + shell + " } }";
        }

        private static String images(String tag) {
            return "wave: 'staging', images: [Service1: [Tag: 'docker.example.com/service1:" + tag
                    + "', Digest: 'docker.example.com/service1@" + DeliveryFixture.DIGEST + "']]";
        }

        /** Whether Argo CD has to deploy before a build comes to this wait. */
        private boolean comesAfterRollout() {
            return this == BODY_OF_A_PROMOTION;
        }
    }

    final DeliveryFixture delivery;
    final ArgoCdFixture argo;
    private final Path go;
    private final Set<String> reported = new HashSet<>();

    WaitFixture(Path folder) {
        delivery = DeliveryFixture.create(folder);
        argo = new ArgoCdFixture(folder.resolve("argocd"), delivery.url());
        go = folder.resolve("go");
    }

    void configure() throws IOException {
        RepositoryDefinition repository = delivery.definition();
        repository.setGeneratedPaths(List.of("generated/**"));
        argo.configure(repository);
    }

    /** The Jenkinsfile that comes to a wait, and ends when it is over. */
    String script(Wait wait) {
        return wait.script.replace("GO", go.toString());
    }

    /** Starts a build of a job, and returns when it waits. */
    WorkflowRun startWaiting(JenkinsRule jenkins, WorkflowJob job, Wait wait) throws Exception {
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        comesTo(jenkins, run, wait);
        return run;
    }

    /** Lets happen what has to before a build waits, and returns when it does. */
    void comesTo(JenkinsRule jenkins, WorkflowRun run, Wait wait) throws Exception {
        await().atMost(LONG).untilAsserted(() -> {
            if (wait != Wait.VERDICT) {
                report(jenkins);
            }
            if (wait.comesAfterRollout()) {
                argo.server.settle();
            }
            assertThat(JenkinsRule.getLog(run)).contains(wait.sign);
        });
    }

    WorkflowRun startWaiting(JenkinsRule jenkins, Wait wait) throws Exception {
        return startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", script(wait)), wait);
    }

    /** CI reports what is queued as green, Argo CD deploys, and the scripts of bodies end, until the build has. */
    void completes(JenkinsRule jenkins, WorkflowRun run) throws Exception {
        openGate();
        await().atMost(LONG).untilAsserted(() -> {
            report(jenkins);
            argo.server.settle();
            assertThat(run.isBuilding()).as(JenkinsRule.getLog(run)).isFalse();
        });
        jenkins.assertBuildStatusSuccess(run);
    }

    /** Another build can deliver with a body: nobody holds its turn. */
    void nextDelivers(JenkinsRule jenkins) throws Exception {
        String script = Wait.body("3", UNTIL_GO.replace("made", "later")).replace("GO", go.toString());
        WorkflowJob next = DeliveryFixture.job(jenkins, "next", script + MERGE);
        completes(jenkins, next.scheduleBuild2(0).waitForStart());
        assertThat(delivery.show("master", "generated/all.yaml")).isEqualTo("later\n");
    }

    void openGate() throws IOException {
        if (!Files.exists(go)) {
            Files.createFile(go);
        }
    }

    private void report(JenkinsRule jenkins) throws Exception {
        String tip = delivery.findTip("auto");
        if (!tip.isEmpty() && !tip.equals(delivery.tip("master")) && reported.add(tip)) {
            delivery.report(jenkins, tip, "success");
        }
    }

    static void setScript(WorkflowJob job, String script) throws Exception {
        job.setDefinition(new CpsFlowDefinition(script, true));
    }

    @Override
    public void close() {
        argo.close();
    }
}
