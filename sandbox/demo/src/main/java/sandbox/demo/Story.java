package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import sandbox.demo.ConfigReader.Decided;
import sandbox.demo.ConfigReader.Image;
import sandbox.demo.Pipelines.Build;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

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
        screen.deed("The CI is busy with other things");
        ci.becomeBusy();

        app.write("services/gift/www/index.html", "<!DOCTYPE html>\n<title>Gifts</title>\n");
        String lower = pushApp("Add a gift service");
        Build lowerBuild = pipelines.deliver(lower);
        ci.await("the first change is on auto", () -> config.queued().size() == 1);

        app.remove("services/gift");
        app.replace(PRICES, "EUR", "euro");
        String upper = pushApp("Leave gifts for later, and spell out the euro");
        Build upperBuild = pipelines.deliver(upper);
        ci.await("the second change is on auto", () -> config.queued().size() == 2);

        List<String> queue = config.queued();
        for (String queued : queue) {
            screen.fact(
                    Set.of(lower, upper).contains(appCommit(queued)),
                    "auto has " + shortened(queued) + " for " + shortened(appCommit(queued)) + ": "
                            + config.subject(queued));
        }
        String red = queue.get(0);
        String id = id(red);
        screen.fact(
                config.images(red).containsKey("gift") && !config.exists(red + ":manifests/staging/gift.yaml"),
                shortened(red) + " delivers the service gift, which has no manifest: it must turn red");

        screen.deed("The CI is free again");
        ci.becomeFree();
        String reason = fails(lowerBuild);
        succeeds(upperBuild);

        Decided end = config.decided(id);
        screen.fact(
                end.outcome().equals("evicted"),
                "the state says of " + shortened(red) + ": " + end.outcome() + ", " + end.reason());
        screen.fact(reason.contains("ci/check"), "its build failed: " + reason);
        String evicted = config.commit("refs/gitops-waves/main/evicted/" + id);
        screen.fact(
                !config.isAncestor(evicted, "main"),
                "the evicted commit " + shortened(evicted) + " is kept, and is not on main");
        String now = delivered(before, upper);
        digestsChanged(before, now, Set.of("basket", "orders"));
        screen.fact(
                config.lines("rev-list", before + ".." + now).size() == 1 && !now.equals(queue.get(1)),
                "the upper change landed alone: " + shortened(queue.get(1)) + " was replayed as " + shortened(now));
    }

    private void pushByHand() throws IOException {
        screen.act("Someone pushes to main by hand in the middle");
        String before = config.commit("main");
        screen.deed("The CI is busy with other things");
        ci.becomeBusy();

        app.replace("services/orders/www/cgi-bin/shipping", "money 490", "money 390");
        String commit = pushApp("Ship for less");
        Build build = pipelines.deliver(commit);
        ci.await("the change is on auto", () -> config.queued().size() == 1);
        String undecided = config.queued().get(0);
        screen.fact(
                parent(undecided).equals(before),
                "auto has " + shortened(undecided) + " on main's " + shortened(before) + ", undecided");

        operator.pull();
        operator.replace("manifests/staging/frontend.yaml", "replicas: 2", "replicas: 3");
        String byHand = operator.push("Run three frontends");
        screen.deed("Grace pushes " + shortened(byHand) + " to main of cfg-app.git: " + config.subject(byHand));
        ci.await("auto is replayed on Grace's commit", () -> {
            List<String> queue = config.queued();
            return queue.size() == 1 && parent(queue.get(0)).equals(byHand);
        });
        String replayed = config.queued().get(0);
        screen.fact(
                id(replayed).equals(id(undecided)),
                shortened(undecided) + " was replayed as " + shortened(replayed) + " on " + shortened(byHand)
                        + "; it is still the change " + id(replayed));

        screen.deed("The CI is free again");
        ci.becomeFree();
        succeeds(build);
        String now = delivered(byHand, commit);
        digestsChanged(before, now, Set.of("orders"));
        screen.fact(
                config.git("show", now + ":manifests/staging/frontend.yaml").contains("replicas: 3"),
                "Grace's three frontends are still there in " + shortened(now));
    }

    /** Main's own log of its moves says whether it only ever went forward, and the notes say why it could. */
    private void mainWasAlwaysGreen() {
        screen.act("All in all");
        List<String> positions = config.positions("main");
        List<String> moves = new ArrayList<>();
        for (int i = 1; i < positions.size(); i++) {
            String from = positions.get(i - 1);
            String to = positions.get(i);
            screenless(
                    config.isAncestor(from, to) && !from.equals(to),
                    "main went from " + shortened(from) + " to " + shortened(to) + ", which is no fast-forward");
            if (!config.trailer(to, "Autocommit-Id").isEmpty()) {
                screenless(
                        config.evidence(to).contains("ci/check"),
                        "main was moved to " + shortened(to) + " without evidence of ci/check");
                moves.add(to);
            }
        }
        screen.fact(
                positions.get(positions.size() - 1).equals(config.commit("main")),
                "main moved " + (positions.size() - 1) + " times, and only ever forward");
        screen.fact(
                moves.size() == 5,
                "GitOps Waves moved it " + moves.size() + " times, each time with evidence of a green ci/check");
        screen.fact(
                config.queued().isEmpty() && config.commit("auto").equals(config.commit("main")),
                "auto and main are at " + shortened(config.commit("auto")) + ": nothing is undecided");
        long decided = config.decided().stream().map(Decided::id).distinct().count();
        screen.fact(
                decided == 6 && config.decided().size() == 6,
                "the state records how " + decided + " changes ended, each once");
    }

    private static void screenless(boolean holds, String otherwise) {
        if (!holds) {
            throw new Surprise("Main " + otherwise + ".");
        }
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
                config.evidence(now).contains("ci/check"),
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
