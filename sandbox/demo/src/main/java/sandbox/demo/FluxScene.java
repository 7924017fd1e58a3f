package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import io.jenkins.plugins.gitops.world.FluxSimulator;
import io.jenkins.plugins.gitops.world.FluxSimulator.Resource;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import sandbox.demo.ToldScene.Way;

/** The scene in which Flux deploys, in a repository and a Jenkins of its own. */
final class FluxScene extends OwnRepositoryScene {

    private static final String CASC = """
        credentials:
          system:
            domainCredentials:
              - credentials:
                  - string: {scope: GLOBAL, id: flux-token, secret: "%s"}
        """ + REPOSITORY + """
                waves: [{name: staging, fluxCluster: eu, kustomizations: [flux-system/apps]}]
            clusters:
              - {name: eu, url: "%s", credentialsId: flux-token, allowInsecure: true}
        """;

    private static final String JENKINSFILE = """
        def change = commitConfig(wave: 'staging', images: [shop: [
            Tag: 'docker.example.com/shop:1.0.0', Digest: 'docker.example.com/shop@sha256:%s']])
        reportCiStatus(sha: change.sha, context: 'ci/check', state: 'success')
        waitForCiAndMerge()
        awaitRollout(wave: 'staging', sync: true)
        """.formatted("5".repeat(64));

    FluxScene(DemoScene scene) {
        super(
                scene,
                new ToldScene(
                        "Another repository is deployed by Flux",
                        "the pipeline ends at git push, and whether Flux could apply it is seen by whoever looks.",
                        "docs/howto/flux.md",
                        Way.DEPLOYED));
    }

    @Override
    void play(Path folder, Path repository) throws IOException {
        String first = GitCli.beginBranch(repository, "main");
        String url = repository.toUri().toString();
        try (var cluster = new FluxSimulator()) {
            deploy(cluster, url, first, first, "True");
            cluster.onPatch(() -> {
                String main = GitCli.run(repository, "rev-parse", "main").strip();
                deploy(cluster, url, first, main, "Unknown");
                deploy(cluster, url, main, main, "True");
            });
            Path casc = Files.writeString(
                    folder.resolve("casc.yaml"), CASC.formatted(FluxSimulator.TOKEN, url, cluster.url()));
            Path jenkinsfile = Files.writeString(folder.resolve("Jenkinsfile"), JENKINSFILE);
            try (var build = new ForkedBuild(news, casc, jenkinsfile, folder.resolve("home"), "shop", Map.of())) {
                build.start(Map.of());
                int code = build.exitCode();
                screen.fact(code == 0, "the build ends with exit code 0: " + build.log());
                String main = GitCli.run(repository, "rev-parse", "main").strip();
                screen.fact(
                        !main.equals(first) && build.log().contains(main),
                        "main is at " + shortened(main) + ", and the build says that the wave runs it");
                screen.fact(
                        build.log().contains("asking Flux to synchronise apps")
                                && cluster.patches().size() == 2,
                        "Flux was asked to reconcile its source and its Kustomization, once each");
                screen.told(
                        "Flux was asked to reconcile at once, and the build went on when the Kustomization was ready");
                screen.told("the wave runs " + shortened(main) + ", says Flux, and so does the build");
            }
        }
    }

    /** Has Flux say what it has applied, and what it is at. */
    private static void deploy(FluxSimulator cluster, String url, String applied, String attempted, String ready) {
        cluster.put(Resource.GIT_REPOSITORIES, "flux-system", "cfg-app", FluxSimulator.gitRepository(url, attempted));
        cluster.put(
                Resource.KUSTOMIZATIONS,
                "flux-system",
                "apps",
                FluxSimulator.kustomization(
                        applied,
                        attempted,
                        ready,
                        ready.equals("True") ? "ReconciliationSucceeded" : "Progressing",
                        ""));
    }
}
