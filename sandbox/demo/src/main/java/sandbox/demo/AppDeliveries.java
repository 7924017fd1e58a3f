package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import java.io.IOException;
import java.util.Set;

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
        screen.act("A first delivery");
        screen.deed("Ada has pushed " + shortened(commit) + " to app.git; its pipeline builds three images");
        String before = config.commit("main");
        facts.succeeds(pipelines.deliver(commit));

        String now = facts.delivered(before, commit);
        screen.fact(
                config.git("ls-tree", "--name-only", before, "images").isEmpty()
                        && config.images(now, "staging").size() == 3,
                "staging had no images, and now runs " + config.services(now, "staging"));
        facts.why("internal", "has no images on main");
    }

    private void oneService() throws IOException {
        screen.act("A commit that changes one service");
        app.replace(SHOP, "nine to six", "nine to eight");
        String commit = scene.pushApp("Open until eight");
        String before = config.commit("main");
        facts.succeeds(pipelines.deliver(commit));

        String now = facts.delivered(before, commit);
        facts.digestsChanged(before, now, Set.of("frontend"));
    }

    private void noDigest() throws IOException {
        screen.act("A commit that changes no digest");
        app.replace("README.md", "# A corner shop", "# The corner shop");
        String commit = scene.pushApp("Say which shop it is");
        String before = config.commit("main");
        facts.succeeds(pipelines.deliver(commit));

        String now = facts.delivered(before, commit);
        facts.digestsChanged(before, now, Set.of());
    }
}
