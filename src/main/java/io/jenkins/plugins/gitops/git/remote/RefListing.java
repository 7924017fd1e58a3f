package io.jenkins.plugins.gitops.git.remote;

import org.eclipse.jgit.errors.PackProtocolException;

/**
 * How a client that fetches over HTTP learns the refs of a repository. In the second version of git's protocol the first
 * answer only says what the server can do, and one more request lists the refs of given names (gitprotocol-v2). In the
 * first version the first answer lists all refs: a round trip less, as long as nobody has many refs in the repository.
 */
enum RefListing {
    /** By name, as long as it is not known that the repository can be read: the second version tells better why not. */
    UNTRIED,

    /** All refs, in the first version of the protocol. */
    ALL,

    /**
     * By name, since all refs are too many, or JGit cannot read the first version from this server: one that is shallow
     * lists more than refs, and some lack in it what JGit needs over HTTP, such as multi_ack_detailed.
     */
    BY_NAME;

    /** The most refs that are all listed in each look; they take some 100 KB. */
    static final int MAX_REFS = 1_000;

    RefListing after(int listed) {
        return switch (this) {
            case UNTRIED -> ALL;
            case ALL -> listed > MAX_REFS ? BY_NAME : ALL;
            case BY_NAME -> BY_NAME;
        };
    }

    RefListing after(Exception failure) {
        return switch (this) {
            case UNTRIED -> UNTRIED;
            // JGit wraps it where it fetches.
            case ALL ->
                TransportFailure.find(failure, PackProtocolException.class).isPresent() ? BY_NAME : UNTRIED;
            case BY_NAME -> BY_NAME;
        };
    }
}
