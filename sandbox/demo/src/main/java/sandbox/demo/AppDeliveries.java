package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import java.io.IOException;
import java.util.Set;
import sandbox.demo.ToldScene.Way;

/** The scenes in which builds of the app deliver to staging. */
final class AppDeliveries {

    private static final String SHOP = "services/frontend/www/index.html";

    private final DemoScene scene;
    private final DemoScreen screen;
    private final DemoRepositories.Clone app;
    private final ConfigReader config;
    private final ExamplePipelines pipelines;
    private final DemoChecks facts;

    AppDeliveries(DemoScene scene, DemoChecks facts) {
        this.scene = scene;
        this.screen = scene.screen();
        this.app = scene.app();
        this.config = scene.config();
        this.pipelines = scene.pipelines();
        this.facts = facts;
    }

    void tell(String firstCommit) throws IOException {
        firstDelivery(firstCommit);
        oneService();
        noDigest();
    }

    private void firstDelivery(String commit) {
        screen.act(new ToldScene(
                "A first delivery: three images from app.git to staging",
                "main has the commit before anybody has tested it.",
                "images/staging on main of cfg-app.git; sandbox/gitops why",
                Way.DEPLOYED));
        screen.deed("Ada has pushed " + shortened(commit) + " to app.git; its pipeline builds three images");
        String before = config.commit("main");
        facts.succeeds(pipelines.deliver(commit));

        String now = facts.delivered(before, commit);
        screen.fact(
                config.git("ls-tree", "--name-only", before, "images").isEmpty()
                        && config.images(now, "staging").size() == 3,
                "staging had no images, and now runs " + config.services(now, "staging"));
        facts.why("internal", "has no images on main");
        screen.told("the build queued one commit; its check was green; main went to " + shortened(now));
        screen.told("staging had no images, and now runs " + config.services(now, "staging") + ", healthy");
        screen.told("the note on " + shortened(now) + " says which check allowed it");
        screen.look();
    }

    private void oneService() throws IOException {
        screen.act(new ToldScene(
                "A commit that changes one service",
                "it works, as long as no other build pushes at the same time.",
                "git show main, in cfg-app.git: one digest and three tags",
                Way.DEPLOYED));
        app.replace(SHOP, "nine to six", "nine to eight");
        String commit = scene.pushApp("Open until eight");
        String before = config.commit("main");
        facts.succeeds(pipelines.deliver(commit));

        String now = facts.delivered(before, commit);
        facts.digestsChanged(before, now, Set.of("frontend"));
        screen.told("only the digest of frontend changed; basket and orders were not deployed again");
        screen.told("every tag names the app commit " + shortened(commit));
        screen.look();
    }

    private void noDigest() throws IOException {
        screen.act(new ToldScene(
                "A commit that changes no digest",
                "tags change, so every pod is restarted.",
                "git log -2 -p main, in cfg-app.git: tags only",
                Way.DEPLOYED));
        app.replace("README.md", "# A corner shop", "# The corner shop");
        String commit = scene.pushApp("Say which shop it is");
        String before = config.commit("main");
        facts.succeeds(pipelines.deliver(commit));

        String now = facts.delivered(before, commit);
        facts.digestsChanged(before, now, Set.of());
        screen.told("git says which source runs: every tag names " + shortened(commit));
        screen.told("all digests are the same, so nothing is deployed again");
        screen.look();
    }
}
