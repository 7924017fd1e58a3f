package io.jenkins.plugins.gitops.git;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The names of the refs that the plugin reads and writes in a config repository.
 *
 * @param mainBranch the branch Argo CD observes, without {@code refs/heads/}
 * @param autoBranch the branch of automatic commits
 * @param state the ref that holds the decisions
 */
public record RefNames(String mainBranch, String autoBranch, String state) {

    /** The number of branches that make CI test commits below the tip. */
    public static final int SLOTS = 4;

    private static final String HEADS = "refs/heads/";

    /** The git notes with the checks behind each fast-forward of main. */
    public static final String NOTES = "refs/notes/gitops-waves";

    /** The state ref where none is configured. */
    public static String defaultState(String mainBranch) {
        return "refs/gitops-waves/" + mainBranch + "/state";
    }

    /** Whether the state ref is a branch, so that a forge may protect it against rewriting. */
    public boolean stateIsBranch() {
        return state.startsWith(HEADS);
    }

    public String main() {
        return HEADS + mainBranch;
    }

    public String auto() {
        return HEADS + autoBranch;
    }

    /**
     * The ref that has the auto branch as a driver pushed it last. It moves in the same push, so that changes are known
     * that people took from the auto branch, also to a new clone.
     */
    public String autoAsPushed() {
        return own("auto");
    }

    /** The branch of a slot, 1 to {@link #SLOTS}, that makes CI test a commit. */
    public String slot(int number) {
        return HEADS + autoBranch + "-ci/" + number;
    }

    /** The name of a branch, from its full ref. */
    public static String branch(String ref) {
        return ref.substring(HEADS.length());
    }

    /** The ref that keeps an evicted commit reachable. */
    public String evicted(String id) {
        return evicted() + id;
    }

    /** The prefix of the refs of evicted commits. */
    public String evicted() {
        return own("evicted/");
    }

    /** The ref of the reported check statuses of a commit, which exists until the commit is decided. */
    public String checks(String sha) {
        return own("checks/") + sha;
    }

    /** A ref that never exists, for the test of permissions. */
    String probe() {
        return own("probe");
    }

    /** The SHA of the commit of a ref of {@link #checks}; empty for another ref. */
    Optional<String> checkedCommit(String ref) {
        String prefix = own("checks/");
        return ref.startsWith(prefix) ? Optional.of(ref.substring(prefix.length())) : Optional.empty();
    }

    /** Whether a ref has another use, so that it cannot be the state ref. */
    public boolean isReserved(String ref) {
        return Stream.of(main(), auto(), auto() + "-ci", own("checks"), own("evicted"), autoAsPushed(), NOTES)
                .anyMatch(used -> exclude(used, ref));
    }

    /** Whether the auto branch or a slot branch cannot exist beside main. */
    public boolean autoExcludesMain() {
        return exclude(main(), auto()) || exclude(main(), auto() + "-ci");
    }

    /** Git stores a ref as a file where refs below its name need a folder; some servers ignore the case of names. */
    private static boolean exclude(String one, String other) {
        String first = one.toLowerCase(Locale.ROOT) + "/";
        String second = other.toLowerCase(Locale.ROOT) + "/";
        return first.startsWith(second) || second.startsWith(first);
    }

    private String own(String name) {
        return "refs/gitops-waves/" + mainBranch + "/" + name;
    }

    /** The refs to request from a server: exact names, and prefixes that end in a slash. */
    Stream<String> patterns() {
        return Stream.concat(
                Stream.of(main(), auto(), autoAsPushed(), state, NOTES, own("checks/")),
                IntStream.rangeClosed(1, SLOTS).mapToObj(this::slot));
    }

    /**
     * Whether a clone remembers the last value of a ref. The others have only objects that are reachable from these, or
     * that are read once.
     */
    boolean isRemembered(String ref) {
        return Stream.of(main(), auto(), state, NOTES).anyMatch(ref::equals);
    }

    boolean covers(String ref) {
        return patterns().anyMatch(pattern -> pattern.endsWith("/") ? ref.startsWith(pattern) : ref.equals(pattern));
    }
}
