package io.jenkins.plugins.gitops.git;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The names of the refs this plugin reads and writes in a config repository.
 *
 * @param mainBranch the branch Argo CD observes, without {@code refs/heads/}
 * @param autoBranch the branch of automatic commits
 * @param state the ref that holds the decisions
 */
public record RefNames(String mainBranch, String autoBranch, String state) {

    /** How many branches are used to have commits below the tip tested. */
    public static final int SLOTS = 4;

    private static final String HEADS = "refs/heads/";

    /** Where the evidence for each fast-forward of main is kept. */
    public static final String NOTES = "refs/notes/gitops-waves";

    /** The state ref where none is configured. */
    public static String defaultState(String mainBranch) {
        return "refs/gitops-waves/" + mainBranch + "/state";
    }

    /** Whether the state ref is a branch, which a forge can protect, from being rewritten too. */
    public boolean stateIsBranch() {
        return state.startsWith(HEADS);
    }

    public String main() {
        return HEADS + mainBranch;
    }

    public String auto() {
        return HEADS + autoBranch;
    }

    /** A branch to have a commit tested, 1 to {@link #SLOTS}. */
    public String slot(int number) {
        return HEADS + autoBranch + "-ci/" + number;
    }

    /** The name of the branch that a ref is. */
    public static String branch(String ref) {
        return ref.substring(HEADS.length());
    }

    /** Where an evicted commit stays reachable. */
    public String evicted(String id) {
        return evicted() + id;
    }

    /** What the refs of all evicted commits begin with. */
    public String evicted() {
        return own("evicted/");
    }

    /** Where the verdicts reported of a commit lie until it is decided. */
    public String checks(String sha) {
        return own("checks/") + sha;
    }

    /** A ref that is never there. */
    String probe() {
        return own("probe");
    }

    /** The commit that a ref of {@link #checks} is about, or nothing if it is another ref. */
    Optional<String> checkedCommit(String ref) {
        String prefix = own("checks/");
        return ref.startsWith(prefix) ? Optional.of(ref.substring(prefix.length())) : Optional.empty();
    }

    /** Whether a ref has another use than that of the state. */
    public boolean isReserved(String ref) {
        return Stream.of(main(), auto(), auto() + "-ci", own("checks"), own("evicted"), NOTES)
                .anyMatch(used -> exclude(used, ref));
    }

    /** Whether the auto branch, or those it is tested on, cannot be there together with main. */
    public boolean autoExcludesMain() {
        return exclude(main(), auto()) || exclude(main(), auto() + "-ci");
    }

    /** Git keeps a ref as a file where others below its name need a folder, on some servers whatever its case. */
    private static boolean exclude(String one, String other) {
        String first = one.toLowerCase(Locale.ROOT) + "/";
        String second = other.toLowerCase(Locale.ROOT) + "/";
        return first.startsWith(second) || second.startsWith(first);
    }

    private String own(String name) {
        return "refs/gitops-waves/" + mainBranch + "/" + name;
    }

    /** What to ask a server for: exact names, and prefixes that end in a slash. */
    Stream<String> patterns() {
        return Stream.concat(
                Stream.of(main(), auto(), state, NOTES, own("checks/")),
                IntStream.rangeClosed(1, SLOTS).mapToObj(this::slot));
    }

    boolean covers(String ref) {
        return patterns().anyMatch(pattern -> pattern.endsWith("/") ? ref.startsWith(pattern) : ref.equals(pattern));
    }
}
