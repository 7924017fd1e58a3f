package sandbox.demo;

import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Path;

/** A scene in a repository and a Jenkins of its own. */
abstract class OwnRepositoryScene {

    /** The configuration of the repository, with a place for its address; more of its fields may follow. */
    static final String REPOSITORY = """
        unclassified:
          gitopsWaves:
            repositories:
              - name: cfg-app
                url: "%s"
                allowInsecure: true
                allJobs: true
                mainBranch: main
                checks: [{reported: {}}]
                requiredChecks: [ci/check]
        """;

    final DemoScreen screen;
    final ChangeSignal news;
    private final ToldScene act;

    OwnRepositoryScene(DemoScene scene, ToldScene act) {
        this.screen = scene.screen();
        this.news = scene.news();
        this.act = act;
    }

    /** @param folder an empty folder for the repository and the Jenkins of the scene */
    final void tell(Path folder) throws IOException {
        screen.act(act);
        play(folder, GitCli.createBare(folder.resolve("cfg-app.git"), "main"));
        screen.look();
    }

    abstract void play(Path folder, Path repository) throws IOException;
}
