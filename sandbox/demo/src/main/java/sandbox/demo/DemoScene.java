package sandbox.demo;

/**
 * The environment of the scenes.
 *
 * @param app the clone of the app of the developer, Ada
 * @param operator the clone of the config repository of the operator, Grace
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

    /** Commits and pushes the files of the app's clone; returns the commit. */
    String pushApp(String message) {
        String commit = app.push(message);
        screen.deed("Ada pushes " + ConfigReader.shortened(commit) + " to app.git: " + message);
        return commit;
    }
}
