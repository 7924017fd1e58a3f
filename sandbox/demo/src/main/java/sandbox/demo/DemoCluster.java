package sandbox.demo;

import java.io.IOException;
import java.util.List;

/** The Argo CD of the demo, and the cluster in which it deploys the example's applications. */
interface DemoCluster extends AutoCloseable {

    /** The name of the example's project in Argo CD. */
    String PROJECT = "shop";

    /** Begins to deploy. The config repository must not be empty any more. */
    void begin();

    /** The address of Argo CD. */
    String url();

    /** What it is, in a word or two. */
    String description();

    /** A token that may read the applications of the project and nothing else. */
    String token(String user);

    /** The names of all applications. */
    List<String> names();

    /** Has every application refreshed if main was pushed. */
    void pushed(ConfigRepoCi.Tip tip);

    /** Lets an application become degraded; returns the words that Argo CD then has for its health. */
    String degradeNextRollout(String application);

    /** Ends that. */
    void recover(String application);

    /** How often the list of applications was asked for, with or without a selector. */
    long lists();

    @Override
    void close() throws IOException;
}
