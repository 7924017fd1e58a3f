package sandbox.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * A scene as it is told: in the terminal, in the summary at the end and in the report.
 *
 * @param title what happens
 * @param otherwise what would go wrong with a pipeline that ends with {@code sed} and {@code git push}
 * @param look where to look at it: a command, or a part of the page
 * @param way how far the change comes
 * @param seen up to three sentences about what is seen, each of which was checked
 */
record ToldScene(String title, String otherwise, String look, Way way, List<String> seen) {

    /** How far the change of a scene comes. */
    enum Way {
        /** To all targets of a wave. */
        DEPLOYED,
        /** To CI, which refuses it or one beside it. */
        EVICTED,
        /** Nowhere, since nothing is to be done. */
        NOWHERE
    }

    ToldScene(String title, String otherwise, String look, Way way) {
        this(title, otherwise, look, way, new ArrayList<>());
    }
}
