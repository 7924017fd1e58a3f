package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import sandbox.demo.ArgoNotifications.SentNotification;
import sandbox.demo.ArgoReader.Target;
import sandbox.demo.ConfigReader.Image;
import sandbox.demo.ExamplePipelines.Build;
import sandbox.demo.ToldScene.Way;

/** The scenes in which images are promoted from staging to internal and production. */
final class PromotionScenes {

    private static final int KILLED = 128 + 9;
    private static final String WEAK = "internal-us";

    private static final String HOLD = "the database of production moves";

    private final DemoScene scene;
    private final DemoScreen screen;
    private final ChangeSignal news;
    private final DemoRepositories.Clone app;
    private final ConfigReader config;
    private final ArgoReader argo;
    private final ExamplePipelines pipelines;
    private final DemoChecks facts;
    private final ArgoNotifications notifications;

    PromotionScenes(DemoScene scene, DemoChecks facts, ArgoNotifications notifications) {
        this.scene = scene;
        this.screen = scene.screen();
        this.news = scene.news();
        this.app = scene.app();
        this.config = scene.config();
        this.argo = scene.argo();
        this.pipelines = scene.pipelines();
        this.facts = facts;
        this.notifications = notifications;
    }

    void tell() throws IOException {
        JsonNode early = argo.application("staging-eu");
        toInternal();
        killedOnTheWay();
        nothingToDeploy();
        degraded();
        lateHook(early);
    }

    private void toInternal() {
        screen.act(new ToldScene(
                "What staging runs goes to internal",
                "somebody copies tags by hand, and hopes that staging has finished its rollout.",
                "sandbox/gitops why internal; git show main, in cfg-app.git",
                Way.DEPLOYED));
        String before = config.commit("main");
        screen.fact(
                config.images(before, "internal").isEmpty()
                        && config.deployed("internal").isEmpty(),
                "nothing has come to internal yet, say main and the state");
        Build build = pipelines.promote("staging", "internal");
        screen.deed(build.name() + " promotes staging to internal");
        facts.succeeds(build);
        facts.promoted(before, "staging", "internal");
        facts.why("internal", "written last by the change");
        facts.why("internal", "The state records this set as deployed");
        screen.told("internal got exactly the tags and digests that every target of staging ran, healthy");
        screen.told("the promotion is a commit like any other, with its own green check");
        screen.look();
    }

    private void killedOnTheWay() {
        screen.act(new ToldScene(
                "A build is killed on the way to production, and goes on in the middle",
                "nobody knows whether it had pushed; a second run may push twice.",
                "refs/gitops-waves/main/state of cfg-app.git",
                Way.DEPLOYED));
        String before = config.commit("main");
        screen.deed("The CI is busy with other things");
        scene.ci().becomeBusy();
        try (ForkedBuild build = pipelines.promoteApart("internal", "production")) {
            screen.deed("A second Jenkins, process " + build.pid() + ", promotes internal to production");
            news.await(
                    "the promotion is on auto, and its build waits",
                    () -> build.log().contains("ci/check") || !build.isRunning());
            screen.fact(build.isRunning(), "its build waits: " + DemoChecks.line(build.log(), "ci/check"));
            facts.why("production", "for production: Waiting for ci/check");
            facts.why("internal", "The state records this set as deployed");
            List<String> queue = config.queued();
            String id = config.id(queue.get(0));
            long killed = build.pid();
            int exitCode = build.kill();
            screen.fact(
                    exitCode == KILLED && !build.isRunning(),
                    "kill -9 " + killed + ": that Jenkins is gone, with exit code " + exitCode);
            screen.fact(
                    queue.size() == 1 && config.queued().equals(queue),
                    "the change is still on auto: " + config.subject(queue.get(0)) + ", " + shortened(queue.get(0)));

            screen.deed("The CI is free again");
            scene.ci().becomeFree();
            news.await("the change is merged", () -> config.commit("main").equals(queue.get(0)));
            screen.fact(
                    config.decided(id).outcome().equals("merged") && !build.isRunning(),
                    "the first Jenkins has merged it, while no build waited for it");

            String log = build.log();
            build.resume();
            screen.deed("The second Jenkins is started again, as process " + build.pid());
            int ended = build.exitCode();
            String since = build.log().substring(log.length());
            screen.fact(
                    ended == 0 && since.contains("Resuming build") && !since.contains("Promoted what"),
                    "its build went on in the middle, and ended with exit code " + ended + ": "
                            + DemoChecks.line(since, "was merged"));
            screen.fact(
                    config.onMain("Autocommit-Id", id).equals(queue), "main has the change " + id + " exactly once");
        }
        facts.promoted(before, "internal", "production");
        screen.told("kill -9 of the Jenkins that waited: its change stayed queued, and was merged without it");
        screen.told("started again, the build went on in the middle and succeeded");
        screen.told("main has the change exactly once");
        screen.look();
    }

    private void nothingToDeploy() throws IOException {
        screen.act(new ToldScene(
                "A commit that deploys nothing, all the way",
                "three waves restart all of their pods for a word in a README.",
                "the operations of the applications in Argo CD: none is new",
                Way.DEPLOYED));
        SortedMap<String, String> operations = facts.operations();
        String before = config.commit("main");
        app.replace("README.md", "Three small web services", "Three web services");
        String commit = scene.pushApp("Do not belittle the services");
        facts.succeeds(pipelines.deliver(commit));
        facts.succeeds(pipelines.promote("staging", "internal"));
        facts.succeeds(pipelines.promote("internal", "production"));

        String now = config.commit("main");
        SortedMap<String, Image> old = config.images(before, "production");
        SortedMap<String, Image> images = config.images(now, "production");
        screen.fact(
                config.appCommit(now).equals(commit)
                        && images.values().stream()
                                .allMatch(image -> image.commit().equals(commit)),
                "main is at " + shortened(now) + ": " + config.subject(now) + "; every tag in production names "
                        + shortened(images.get(images.firstKey()).commit()));
        screen.fact(digests(images).equals(digests(old)), "no digest differs from those of " + shortened(before));
        news.await(
                "Argo CD has compared every application with main",
                () -> argo.targets().stream()
                        .allMatch(target -> target.revision().equals(now)));
        List<Target> targets = argo.targets();
        screen.fact(
                targets.stream().allMatch(Target::isWell) && facts.operations().equals(operations),
                "Argo CD has moved the revision of all " + targets.size() + " applications to " + shortened(now)
                        + ", and none had an operation: what they deployed last is of "
                        + targets.stream()
                                .map(Target::deployed)
                                .map(ConfigReader::shortened)
                                .distinct()
                                .sorted()
                                .collect(Collectors.joining(", ")));
        facts.why("internal", "The state records this set as deployed");
        screen.told("every tag in production names " + shortened(commit) + "; no digest changed");
        screen.told("Argo CD compared all " + targets.size() + " applications with main, and had nothing to do");
        screen.look();
    }

    private static List<String> digests(SortedMap<String, Image> images) {
        return images.values().stream().map(Image::digest).toList();
    }

    private void degraded() throws IOException {
        screen.act(new ToldScene(
                "A target that degrades stops the promotion, and a hold does too",
                "production gets what has just failed in internal.",
                "the logs of both builds; sandbox/gitops why internal",
                Way.DEPLOYED));
        app.replace("services/frontend/www/index.html", "nine to eight", "eight to eight");
        String commit = scene.pushApp("Open at eight");
        String before = config.commit("main");
        facts.succeeds(pipelines.deliver(commit));
        String inStaging = facts.delivered(before, commit);

        String trouble = scene.cluster().degradeNextRollout(WEAK);
        Build toInternal = pipelines.promote("staging", "internal");
        String rollout = facts.waits(toInternal, WEAK + ": it is degraded");
        Build toProduction = pipelines.promote("internal", "production");
        String promotion = facts.waits(toProduction, WEAK + ": it is degraded");
        Target weak = argo.target(WEAK);
        screen.fact(
                weak.health().equals("Degraded") && weak.message().equals(trouble),
                "Argo CD says of " + WEAK + ": " + weak.health() + (trouble.isEmpty() ? "" : ", " + trouble));
        screen.fact(rollout.contains(trouble), toInternal.name() + " waits: " + rollout);
        screen.fact(promotion.contains(trouble), toProduction.name() + " waits: " + promotion);
        facts.why("internal", "was unwell when Argo CD was asked last");
        String stopped = config.commit("main");
        screen.fact(
                config.images(stopped, "production").equals(config.images(before, "production"))
                        && config.queued().isEmpty(),
                "nothing of it is in production or on the way there: its tags name "
                        + shortened(config.images(stopped, "production")
                                .values()
                                .iterator()
                                .next()
                                .commit()));

        screen.deed("Somebody holds production, and mends " + WEAK);
        facts.succeeds(pipelines.hold("production", HOLD));
        scene.cluster().recover(WEAK);
        facts.succeeds(toInternal);
        String soaked = facts.waits(toProduction, "soak: it runs there since");
        screen.fact(soaked.contains("until"), toProduction.name() + " waits: " + soaked);
        facts.waits(toProduction, "soak: met now.");
        screen.fact(
                config.queued().isEmpty(),
                toProduction.name() + " waits for nothing but the hold: "
                        + facts.waits(toProduction, "production: hold: "));
        facts.why("production", "The wave production is held: production is held by");
        facts.why("internal", "The state records this set as deployed");
        screen.deed("Production is released");
        facts.succeeds(pipelines.hold("production", ""));
        facts.succeeds(toProduction);
        facts.promoted(inStaging, "staging", "internal");
        facts.promoted(stopped, "internal", "production");
        screen.told(
                "while " + WEAK + " was degraded, nothing went to production: both builds named it, with its words");
        screen.told("once it was well, the soak began; then only the hold was left, by name and reason");
        screen.told("released, the set went to production by itself");
        screen.look();
    }

    private void lateHook(JsonNode early) {
        screen.act(new ToldScene(
                "A hook of an old deployment comes late",
                "a pipeline that trusts the hook promotes the old images again.",
                "the log of the build that the hook started",
                Way.NOWHERE));
        scene.ci().awaitIdle();
        List<String> refs = config.refs();
        SortedMap<String, String> operations = facts.operations();
        int guessed = notifications.send(early, "a guess").status();
        screen.fact(guessed == 403, "without the secret, Jenkins answers " + guessed);

        String revision = early.at("/status/operationState/syncResult/revision").asText();
        String present = config.deployed("staging").orElseThrow().sha();
        screen.fact(
                !revision.equals(present) && config.isAncestor(revision, present),
                "staging-eu had deployed " + shortened(revision) + "; meanwhile staging runs " + shortened(present));
        long asked = scene.cluster().lists();
        SentNotification sent = notifications.send(early, pipelines.deployedSecret());
        screen.deed("Argo CD sends only now: POST " + sent.path() + " " + sent.body());
        screen.fact(sent.status() == 202 && sent.body().contains(revision), "Jenkins answers " + sent.status());
        news.await("Jenkins has asked Argo CD anew", () -> scene.cluster().lists() > asked);
        Build build = pipelines.promote("staging", "internal");
        facts.succeeds(build);
        screen.fact(
                build.log().contains("Nothing to promote"),
                build.name() + ", if the hook started it, says: " + DemoChecks.line(build.log(), "Nothing to promote"));
        screen.fact(
                config.refs().equals(refs) && facts.operations().equals(operations),
                "no ref of cfg-app.git has moved, and no application was deployed");
        facts.why("internal", "Nothing is queued for the wave internal");
        screen.told("without the secret the hook is refused; with it, Jenkins asks Argo CD and does not believe it");
        screen.told("the build finds nothing to promote: no ref has moved, nothing was deployed");
        screen.look();
    }
}
