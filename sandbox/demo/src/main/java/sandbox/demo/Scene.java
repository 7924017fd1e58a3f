package sandbox.demo;

/**
 * Where the story plays.
 *
 * @param app where Ada works on the app
 * @param operator where Grace works on the config repository
 */
record Scene(
        Screen screen,
        News news,
        Repositories.Clone app,
        Repositories.Clone operator,
        ConfigReader config,
        Cluster cluster,
        ArgoReader argo,
        Pipelines pipelines,
        Ci ci) {

    /** Ada changes what she has changed already; returns the commit. */
    String pushApp(String message) {
        String commit = app.push(message);
        screen.deed("Ada pushes " + ConfigReader.shortened(commit) + " to app.git: " + message);
        return commit;
    }
}
