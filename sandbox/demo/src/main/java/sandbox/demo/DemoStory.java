package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sandbox.demo.ConfigReader.EndedChange;
import sandbox.demo.ToldScene.Way;

/**
 * Runs the scenes of the demo. In each scene users push and builds run; the demo then reads the result from the config
 * repository and from Argo CD and compares it with what GitOps Waves documents.
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
     * @param firstCommit the first commit of the app, which is already pushed
     * @param notifications sends the notifications of Argo CD
     * @param folder an empty folder for what a scene has of its own
     */
    void tell(String firstCommit, ArgoNotifications notifications, Path folder) throws IOException {
        DemoChecks facts = new DemoChecks(scene);
        new AppDeliveries(scene, facts).tell(firstCommit);
        new QueueScenes(scene, facts).tell();
        new PromotionScenes(scene, facts, notifications).tell();
        scene.ci().awaitIdle();
        mainWasAlwaysGreen();
        new GeneratorScene(scene).tell(Files.createDirectory(folder.resolve("generator")));
        new VerificationScene(scene).tell(Files.createDirectory(folder.resolve("gates")));
        new FluxScene(scene).tell(Files.createDirectory(folder.resolve("flux")));
    }

    /** Checks by the reflog of main that it only moved forward, and by the notes that each merge had a green check. */
    private void mainWasAlwaysGreen() {
        screen.act(new ToldScene(
                "All in all: main was always green",
                "main is whatever was pushed last, and Argo CD deploys it.",
                "git log --notes=gitops-waves main, in cfg-app.git",
                Way.DEPLOYED));
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
        screen.told("main moved " + (positions.size() - 1) + " times, and only ever forward");
        screen.told("GitOps Waves moved it " + moves.size() + " times, each time with evidence of a green ci/check");
        screen.told("each of " + decided + " changes has one recorded end");
        screen.look();
    }
}
