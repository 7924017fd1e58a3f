package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import sandbox.demo.ConfigReader.EndedChange;
import sandbox.demo.ExamplePipelines.Build;
import sandbox.demo.ToldScene.Way;

/** The scenes in which queued changes fail CI, and in which main moves under the queue. */
final class QueueScenes {

    private static final String PRICES = "lib/money.sh";

    private final DemoScene scene;
    private final DemoScreen screen;
    private final ChangeSignal news;
    private final DemoRepositories.Clone app;
    private final DemoRepositories.Clone operator;
    private final ConfigReader config;
    private final ExamplePipelines pipelines;
    private final ConfigRepoCi ci;
    private final DemoChecks facts;

    QueueScenes(DemoScene scene, DemoChecks facts) {
        this.scene = scene;
        this.screen = scene.screen();
        this.news = scene.news();
        this.app = scene.app();
        this.operator = scene.operator();
        this.config = scene.config();
        this.pipelines = scene.pipelines();
        this.ci = scene.ci();
        this.facts = facts;
    }

    void tell() throws IOException {
        lowerIsRed();
        pushByHand();
        bothAtOnce();
    }

    private void lowerIsRed() throws IOException {
        screen.act(new ToldScene(
                "Two changes are queued, and the lower one is red",
                "main is broken for both, until somebody finds out whose commit it was.",
                "the failed build's log; refs/gitops-waves/main/evicted/* of cfg-app.git",
                Way.EVICTED));
        String before = config.commit("main");
        becomeBusy();
        Build lower = deliverGifts();
        Build upper = deliverWithoutGifts("Leave gifts for later, and spell out the euro", "EUR", "euro");
        List<String> queue = queueOfTwo();
        facts.why("staging", "for staging: Waiting for ci/check");
        facts.why("internal", "Nothing is queued for the wave internal");

        becomeFree();
        String evicted = evicted(lower, queue.get(0));
        String now = landedAlone(before, upper, queue.get(1));
        facts.digestsChanged(before, now, Set.of("basket", "orders"));
        screen.fact(
                config.subject(evicted).equals(config.subject(queue.get(0))),
                "to be looked at, the evicted commit is kept as refs/gitops-waves/main/evicted/" + config.id(evicted));
        screen.told("the red change was evicted, and its build failed with what the check says");
        screen.told("the green one above it was replayed without it, and is on main as " + shortened(now));
        screen.told("main never had the red commit");
        screen.look();
    }

    private void pushByHand() throws IOException {
        screen.act(new ToldScene(
                "Somebody pushes to main by hand in the middle",
                "git refuses the push of the build, or its retry overwrites the other commit.",
                "git log --oneline main, in cfg-app.git",
                Way.DEPLOYED));
        String before = config.commit("main");
        becomeBusy();

        app.replace("services/orders/www/cgi-bin/shipping", "money 490", "money 390");
        String commit = scene.pushApp("Ship for less");
        Build build = pipelines.deliver(commit);
        news.await("the change is on auto", () -> config.queued().size() == 1);
        String undecided = config.queued().get(0);
        screen.fact(
                config.parent(undecided).equals(before),
                "auto has " + shortened(undecided) + " on main's " + shortened(before) + ", undecided");

        String byHand = pushConfig("Run three frontends", "frontend", "replicas: 2", "replicas: 3");
        String replayed = replayedOn(byHand, 1).get(0);
        screen.fact(
                config.id(replayed).equals(config.id(undecided)),
                shortened(undecided) + " was replayed as " + shortened(replayed) + " on " + shortened(byHand)
                        + "; it is still the change " + config.id(replayed));

        becomeFree();
        facts.succeeds(build);
        String now = facts.delivered(byHand, commit);
        facts.digestsChanged(before, now, Set.of("orders"));
        screen.fact(
                config.git("show", now + ":manifests/staging/frontend.yaml").contains("replicas: 3"),
                "Grace's three frontends are still there in " + shortened(now));
        screen.told("the queued change was replayed on Grace's commit, and tested again on exactly that main");
        screen.told("main has both: her three frontends, and the new image of orders");
        screen.told("the build waited, and did not have to be started again");
        screen.look();
    }

    private void bothAtOnce() throws IOException {
        screen.act(new ToldScene(
                "Both at once, so that nobody knows who is to blame",
                "CI sees one red commit with three causes in it.",
                "the branch auto-ci/1 of cfg-app.git",
                Way.EVICTED));
        String before = config.commit("main");
        becomeBusy();
        Build lower = deliverGifts();
        Build upper = deliverWithoutGifts("Leave gifts for later again, and shorten the euro", "euro", "EUR");
        queueOfTwo();
        String byHand = pushConfig("Run one basket", "basket", "replicas: 2", "replicas: 1");
        List<String> queue = replayedOn(byHand, 2);
        screen.fact(
                config.commit("auto").equals(queue.get(1)),
                "both were replayed on " + shortened(byHand) + " and pushed at once, so CI sees "
                        + shortened(queue.get(1)) + " only");

        becomeFree();
        evicted(lower, queue.get(0));
        screen.fact(
                config.positions("auto-ci/1").contains(queue.get(0)),
                "auto-ci/1 was moved to " + shortened(queue.get(0)) + " to have it tested, too");
        String now = landedAlone(byHand, upper, queue.get(1));
        facts.digestsChanged(before, now, Set.of("basket", "orders"));
        screen.told("CI was asked about the commit below as well, on the branch auto-ci/1");
        screen.told("the one to blame was evicted; the other is on main, on top of Grace's commit");
        screen.look();
    }

    private void becomeBusy() {
        screen.deed("The CI is busy with other things");
        ci.becomeBusy();
    }

    private void becomeFree() {
        screen.deed("The CI is free again");
        ci.becomeFree();
    }

    /** Delivers a change that must fail CI: a service for which the config repository has no manifest. */
    private Build deliverGifts() throws IOException {
        app.write("services/gift/www/index.html", "<!DOCTYPE html>\n<title>Gifts</title>\n");
        Build build = pipelines.deliver(scene.pushApp("Add a gift service"));
        news.await("the first change is on auto", () -> config.queued().size() == 1);
        return build;
    }

    private Build deliverWithoutGifts(String message, String from, String to) throws IOException {
        app.remove("services/gift");
        app.replace(PRICES, from, to);
        Build build = pipelines.deliver(scene.pushApp(message));
        news.await("the second change is on auto", () -> config.queued().size() == 2);
        return build;
    }

    private List<String> queueOfTwo() {
        List<String> queue = config.queued();
        screen.fact(
                queue.size() == 2 && config.parent(queue.get(1)).equals(queue.get(0)),
                "two changes wait on auto: " + shortened(queue.get(0)) + ", and on it " + shortened(queue.get(1)));
        screen.fact(
                config.images(queue.get(0), "staging").containsKey("gift")
                        && !config.exists(queue.get(0) + ":manifests/staging/gift.yaml"),
                shortened(queue.get(0)) + " delivers " + config.services(queue.get(0), "staging")
                        + ", but has no manifest of gift");
        return queue;
    }

    private String pushConfig(String message, String service, String from, String to) throws IOException {
        operator.pull();
        operator.replace("manifests/staging/" + service + ".yaml", from, to);
        String commit = operator.push(message);
        screen.deed("Grace pushes " + shortened(commit) + " to main of cfg-app.git: " + message);
        return commit;
    }

    private List<String> replayedOn(String main, int size) {
        news.await("auto is replayed on Grace's commit", () -> {
            List<String> queue = config.queued();
            return queue.size() == size && config.parent(queue.get(0)).equals(main);
        });
        return config.queued();
    }

    /**
     * Checks the state ref after the eviction of a red change of a build; returns the evicted commit, which a ref
     * keeps.
     */
    private String evicted(Build build, String red) {
        String reason = facts.fails(build);
        EndedChange end = config.decided(config.id(red));
        screen.fact(
                end.outcome().equals("evicted") && end.sha().equals(red),
                "the state says of " + shortened(red) + ": " + end.outcome() + ", " + end.reason());
        screen.fact(reason.contains("ci/check"), build.name() + " failed: " + reason);
        String evicted = config.commit("refs/gitops-waves/main/evicted/" + end.id());
        if (!evicted.equals(red) || config.isAncestor(evicted, "main")) {
            throw new UnexpectedState("The evicted commit " + red + " is not kept, or is on main.");
        }
        return evicted;
    }

    /** Checks main after the change above an evicted one was merged; returns the commit of main. */
    private String landedAlone(String before, Build build, String queued) {
        facts.succeeds(build);
        String now = facts.delivered(before, config.appCommit(queued));
        screen.fact(
                config.id(now).equals(config.id(queued)) && config.parent(now).equals(before),
                "the upper change landed alone: " + shortened(queued) + " was replayed as " + shortened(now) + " on "
                        + shortened(config.parent(now)));
        return now;
    }
}
