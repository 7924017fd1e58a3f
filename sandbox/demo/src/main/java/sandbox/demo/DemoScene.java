package sandbox.demo;

/**
 * Where the story plays.
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

    /** Ada changes what she has changed already; returns the commit. */
    String pushApp(String message) {
        String commit = app.push(message);
        screen.deed("Ada pushes " + ConfigReader.shortened(commit) + " to app.git: " + message);
        return commit;
    }
}
