package io.jenkins.plugins.gitops.delivery;

import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** Is told what rounds of a driver found. Called on the driver's thread, which waits for it. */
public interface RoundListener {

    /** Ignores everything. */
    RoundListener NONE = new RoundListener() {
        @Override
        public void ended(RepositoryState found, Repository clone, ObjectId state) {}

        @Override
        public void mainRewritten(String sentence) {}

        @Override
        public void closed() {}
    };

    /**
     * A round has ended.
     *
     * @param state the commit of the state ref, which the clone has; the zero id if there is none
     */
    void ended(RepositoryState found, Repository clone, ObjectId state);

    /** Somebody rewrote main, and no administrator has accepted that; called in each round until one has. */
    void mainRewritten(String sentence);

    /** The driver has stopped. */
    void closed();
}
