package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import hudson.model.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import sandbox.demo.ConfigReader.Decided;
import sandbox.demo.ConfigReader.Image;
import sandbox.demo.Pipelines.Build;
import sandbox.runner.BuildResult;

/**
 * What happens in the demo, act by act. People push and builds run; what came of it is then read from the config
 * repository, and has to be what GitOps Waves promises.
 */
final class Story {

    private static final String PRICES = "lib/money.sh";
    private static final String SHOP = "services/frontend/www/index.html";

    private final Screen screen;
    private final Repositories.Clone app;
    private final Repositories.Clone operator;
    private final ConfigReader config;
    private final Pipelines pipelines;
    private final Ci ci;

    Story(
            Screen screen,
            Repositories.Clone app,
            Repositories.Clone operator,
            ConfigReader config,
            Pipelines pipelines,
            Ci ci) {
        this.screen = screen;
        this.app = app;
        this.operator = operator;
        this.config = config;
        this.pipelines = pipelines;
        this.ci = ci;
    }

    void tell(String firstCommit) throws IOException {
        firstDelivery(firstCommit);
        oneService();
        noDigest();
        lowerIsRed();
        pushByHand();
        bothAtOnce();
        ci.awaitIdle();
        mainWasAlwaysGreen();
    }

    private void firstDelivery(String commit) {
        screen.act("A first delivery");
        screen.deed("Ada has pushed " + shortened(commit) + " to app.git; its pipeline builds three images");
        String before = config.commit("main");
        succeeds(pipelines.deliver(commit));

        String now = delivered(before, commit);
        screen.fact(
                config.git("ls-tree", "--name-only", before, "images").isEmpty()
                        && config.images(now).size() == 3,
                "staging had no images, and now runs " + services(now));
    }

    private void oneService() throws IOException {
        screen.act("A commit that changes one service");
        app.replace(SHOP, "nine to six", "nine to eight");
        String commit = pushApp("Open until eight");
        String before = config.commit("main");
        succeeds(pipelines.deliver(commit));

        String now = delivered(before, commit);
        digestsChanged(before, now, Set.of("frontend"));
    }

    private void noDigest() throws IOException {
        screen.act("A commit that changes no digest");
        app.replace("README.md", "# A corner shop", "# The corner shop");
        String commit = pushApp("Say which shop it is");
        String before = config.commit("main");
        succeeds(pipelines.deliver(commit));

        String now = delivered(before, commit);
        digestsChanged(before, now, Set.of());
    }

    private void lowerIsRed() throws IOException {
        screen.act("Two changes of which the lower is red");
        String before = config.commit("main");
        becomeBusy();
        Build lower = deliverGifts();
        Build upper = deliverWithoutGifts("Leave gifts for later, and spell out the euro", "EUR", "euro");
        List<String> queue = queueOfTwo();

        becomeFree();
        String evicted = evicted(lower, queue.get(0));
        String now = landedAlone(before, upper, queue.get(1));
        digestsChanged(before, now, Set.of("basket", "orders"));
        screen.fact(
                config.subject(evicted).equals(config.subject(queue.get(0))),
                "to be looked at, the evicted commit is kept as refs/gitops-waves/main/evicted/" + id(evicted));
    }

    private void pushByHand() throws IOException {
        screen.act("Someone pushes to main by hand in the middle");
        String before = config.commit("main");
        becomeBusy();

        app.replace("services/orders/www/cgi-bin/shipping", "money 490", "money 390");
        String commit = pushApp("Ship for less");
        Build build = pipelines.deliver(commit);
        ci.await("the change is on auto", () -> config.queued().size() == 1);
        String undecided = config.queued().get(0);
        screen.fact(
                parent(undecided).equals(before),
                "auto has " + shortened(undecided) + " on main's " + shortened(before) + ", undecided");

        String byHand = pushConfig("Run three frontends", "frontend", "replicas: 2", "replicas: 3");
        String replayed = replayedOn(byHand, 1).get(0);
        screen.fact(
                id(replayed).equals(id(undecided)),
                shortened(undecided) + " was replayed as " + shortened(replayed) + " on " + shortened(byHand)
                        + "; it is still the change " + id(replayed));

        becomeFree();
        succeeds(build);
        String now = delivered(byHand, commit);
        digestsChanged(before, now, Set.of("orders"));
        screen.fact(
                config.git("show", now + ":manifests/staging/frontend.yaml").contains("replicas: 3"),
                "Grace's three frontends are still there in " + shortened(now));
    }

    private void bothAtOnce() throws IOException {
        screen.act("Both at once, so that nobody knows who is to blame");
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
        digestsChanged(before, now, Set.of("basket", "orders"));
    }

    private void becomeBusy() {
        screen.deed("The CI is busy with other things");
        ci.becomeBusy();
    }

    private void becomeFree() {
        screen.deed("The CI is free again");
        ci.becomeFree();
    }

    /** A change that must turn red: a service for which the config repository has no manifest. */
    private Build deliverGifts() throws IOException {
        app.write("services/gift/www/index.html", "<!DOCTYPE html>\n<title>Gifts</title>\n");
        Build build = pipelines.deliver(pushApp("Add a gift service"));
        ci.await("the first change is on auto", () -> config.queued().size() == 1);
        return build;
    }

    private Build deliverWithoutGifts(String message, String from, String to) throws IOException {
        app.remove("services/gift");
        app.replace(PRICES, from, to);
        Build build = pipelines.deliver(pushApp(message));
        ci.await("the second change is on auto", () -> config.queued().size() == 2);
        return build;
    }

    private List<String> queueOfTwo() {
        List<String> queue = config.queued();
        screen.fact(
                queue.size() == 2 && parent(queue.get(1)).equals(queue.get(0)),
                "two changes wait on auto: " + shortened(queue.get(0)) + ", and on it " + shortened(queue.get(1)));
        screen.fact(
                config.images(queue.get(0)).containsKey("gift")
                        && !config.exists(queue.get(0) + ":manifests/staging/gift.yaml"),
                shortened(queue.get(0)) + " delivers " + services(queue.get(0)) + ", but has no manifest of gift");
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
        ci.await("auto is replayed on Grace's commit", () -> {
            List<String> queue = config.queued();
            return queue.size() == size && parent(queue.get(0)).equals(main);
        });
        return config.queued();
    }

    /** What is true when a build's change was evicted as red; returns the commit that is kept. */
    private String evicted(Build build, String red) {
        String reason = fails(build);
        Decided end = config.decided(id(red));
        screen.fact(
                end.outcome().equals("evicted") && end.sha().equals(red),
                "the state says of " + shortened(red) + ": " + end.outcome() + ", " + end.reason());
        screen.fact(reason.contains("ci/check"), build.name() + " failed: " + reason);
        String evicted = config.commit("refs/gitops-waves/main/evicted/" + end.id());
        if (!evicted.equals(red) || config.isAncestor(evicted, "main")) {
            throw new Surprise("The evicted commit " + red + " is not kept, or is on main.");
        }
        return evicted;
    }

    /** What is true when the change above an evicted one is on main; returns main. */
    private String landedAlone(String before, Build build, String queued) {
        succeeds(build);
        String now = delivered(before, appCommit(queued));
        screen.fact(
                id(now).equals(id(queued)) && parent(now).equals(before),
                "the upper change landed alone: " + shortened(queued) + " was replayed as " + shortened(now) + " on "
                        + shortened(parent(now)));
        return now;
    }

    /** Main's own log of its moves says whether it only ever went forward, and the notes say why it could. */
    private void mainWasAlwaysGreen() {
        screen.act("All in all");
        List<String> positions = config.positions("main");
        List<String> moves = new ArrayList<>();
        for (int i = 1; i < positions.size(); i++) {
            String from = positions.get(i - 1);
            String to = positions.get(i);
            if (from.equals(to) || !config.isAncestor(from, to)) {
                throw new Surprise("Main went from " + from + " to " + to + ", which is no fast-forward.");
            }
            if (!config.trailer(to, "Autocommit-Id").isEmpty()) {
                if (!config.evidence(to).contains("Check: ci/check success")) {
                    throw new Surprise("Main was moved to " + to + " without evidence of a green ci/check.");
                }
                moves.add(to);
            }
        }
        screen.fact(
                positions.get(positions.size() - 1).equals(config.commit("main")),
                "main moved " + (positions.size() - 1) + " times, and only ever forward");
        screen.fact(
                moves.size() == 6,
                "GitOps Waves moved it " + moves.size() + " times, each time with evidence of a green ci/check");
        screen.fact(
                config.queued().isEmpty() && config.commit("auto").equals(config.commit("main")),
                "auto and main are at " + shortened(config.commit("auto")) + ": nothing is undecided");
        long decided = config.decided().stream().map(Decided::id).distinct().count();
        screen.fact(
                decided == 8 && config.decided().size() == 8,
                "the state records how " + decided + " changes ended, each once");
    }

    private String pushApp(String message) {
        String commit = app.push(message);
        screen.deed("Ada pushes " + shortened(commit) + " to app.git: " + message);
        return commit;
    }

    private void succeeds(Build build) {
        if (!build.await().isSuccess()) {
            throw new Surprise(build.name() + " should have succeeded, but ended with this log:\n" + build.log());
        }
    }

    /** The sentence with which a build failed. */
    private String fails(Build build) {
        BuildResult result = build.await();
        if (result.result() != Result.FAILURE) {
            throw new Surprise(build.name() + " should have failed, but ended with this log:\n" + build.log());
        }
        return result.failure();
    }

    /** What is true of main after every delivery; returns its commit. */
    private String delivered(String before, String appCommit) {
        String now = config.commit("main");
        screen.fact(
                !now.equals(before) && config.isAncestor(before, now),
                "main went forward from " + shortened(before) + " to " + shortened(now) + ": " + config.subject(now));
        SortedMap<String, Image> images = config.images(now);
        screen.fact(
                appCommit(now).equals(appCommit)
                        && images.values().stream().allMatch(image -> image.commit().equals(appCommit)),
                "every tag in it names the app commit "
                        + shortened(images.get(images.firstKey()).commit()));
        screen.fact(
                config.evidence(now).startsWith("Check: ci/check success"),
                "the note on it is the evidence: "
                        + config.evidence(now).lines().findFirst().orElse("none"));
        screen.fact(
                config.decided(id(now)).outcome().equals("merged"),
                "the state says of its change: " + config.decided(id(now)).outcome());
        return now;
    }

    private void digestsChanged(String before, String now, Set<String> expected) {
        Map<String, Image> old = config.images(before);
        Map<String, Image> current = config.images(now);
        SortedSet<String> changed = new TreeSet<>();
        SortedSet<String> same = new TreeSet<>();
        current.forEach((service, image) -> (old.containsKey(service)
                                && old.get(service).digest().equals(image.digest())
                        ? same
                        : changed)
                .add(service));
        screen.fact(
                changed.equals(expected) && current.keySet().equals(old.keySet()),
                "digests that changed: " + list(changed) + "; that stayed: " + list(same));
    }

    private static String list(SortedSet<String> services) {
        return services.isEmpty() ? "none" : String.join(", ", services);
    }

    private String services(String commit) {
        return String.join(", ", config.images(commit).keySet());
    }

    private String appCommit(String commit) {
        return config.trailer(commit, "Autocommit-App-SHA");
    }

    private String id(String commit) {
        return config.trailer(commit, "Autocommit-Id");
    }

    private String parent(String commit) {
        return config.commit(commit + "^");
    }
}
