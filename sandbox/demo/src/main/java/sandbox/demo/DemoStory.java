package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import sandbox.demo.ConfigReader.EndedChange;

/**
 * What happens in the demo, act by act. People push and builds run; what came of it is then read from the config
 * repository and from Argo CD, and has to be what GitOps Waves promises.
 */
final class DemoStory {

    private final DemoScene scene;
    private final DemoScreen screen;
    private final ConfigReader config;

    DemoStory(DemoScene scene) {
        this.scene = scene;
        this.screen = scene.screen();
        this.config = scene.config();
    }

    /**
     * Runs all scenes.
     *
     * @param firstCommit of the app, which somebody has pushed
     * @param notifications what Argo CD would send
     */
    void tell(String firstCommit, ArgoNotifications notifications) throws IOException {
        DemoChecks facts = new DemoChecks(scene);
        new AppDeliveries(scene, facts).tell(firstCommit);
        new QueueScenes(scene, facts).tell();
        new PromotionScenes(scene, facts, notifications).tell();
        scene.ci().awaitIdle();
        mainWasAlwaysGreen();
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
                throw new UnexpectedState("Main went from " + from + " to " + to + ", which is no fast-forward.");
            }
            if (!config.trailer(to, "Autocommit-Id").isEmpty()) {
                if (!config.evidence(to).contains("Check: ci/check success")) {
                    throw new UnexpectedState("Main was moved to " + to + " without evidence of a green ci/check.");
                }
                moves.add(to);
            }
        }
        screen.fact(
                positions.get(positions.size() - 1).equals(config.commit("main")),
                "main moved " + (positions.size() - 1) + " times, and only ever forward");
        screen.fact(
                moves.size() == 14,
                "GitOps Waves moved it " + moves.size() + " times, each time with evidence of a green ci/check");
        screen.fact(
                config.queued().isEmpty() && config.commit("auto").equals(config.commit("main")),
                "auto and main are at " + shortened(config.commit("auto")) + ": nothing is undecided");
        long decided = config.decided().stream().map(EndedChange::id).distinct().count();
        screen.fact(
                decided == 16 && config.decided().size() == 16,
                "the state records how " + decided + " changes ended, each once");
    }
}
