package sandbox.demo;

/**
 * The environment of the scenes.
 *
 * @param app where Ada works on the app
 * @param operator where Grace works on the config repository
 */
record DemoScene(
        DemoScreen screen,
        ChangeSignal news,
        DemoRepositories.Clone app,
        DemoRepositories.Clone operator,
        ConfigReader config,
        DemoCluster cluster,
        ArgoReader argo,
        ExamplePipelines pipelines,
        ConfigRepoCi ci) {

    /** Commits and pushes what is in the app's clone; returns the commit. */
    String pushApp(String message) {
        String commit = app.push(message);
        screen.deed("Ada pushes " + ConfigReader.shortened(commit) + " to app.git: " + message);
        return commit;
    }
}
