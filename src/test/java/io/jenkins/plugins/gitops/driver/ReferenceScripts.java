package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.lib.ObjectId;

/**
 * What the scripts of the reference architecture do, in our own words, on git's command line: in a work tree in which
 * {@code auto} is checked out.
 */
final class ReferenceScripts {

    /** What they get wrong, see spec section 3.5. */
    enum Difference {
        /** Two queued announcements touch the same JSON, so {@code rebase} conflicts. */
        ANNOUNCEMENTS_CONFLICT,
        /** {@code commit -a} leaves new files behind. */
        NEW_FILES_STAY_BEHIND,
        /** {@code commit -a} fails where the same was announced before. */
        IDENTICAL_ANNOUNCEMENT_FAILS,
        /** {@code branch -f auto} fails while {@code auto} is checked out. */
        CHECKED_OUT_BRANCH_STAYS,
        /** A rebase drops commits without a word that bring nothing any more. */
        SILENTLY_DROPPED,
        /** A red tip is blamed, whatever is below it. */
        WRONG_COMMIT_BLAMED,
        /** Green and eviction hold different leases, so that both go through. */
        EVICTED_COMMIT_LANDS
    }

    /**
     * How a rebase ended.
     *
     * @param tip where it came to, or null if it stopped
     * @param stoppedAt the commit that conflicts, or null
     * @param conflicts the paths in which it does
     */
    record Rebase(@CheckForNull ObjectId tip, @CheckForNull ObjectId stoppedAt, Set<String> conflicts) {}

    private static final String ORIGIN = ".git/origin.git";
    private static final String MESSAGE = ".git/message";

    private final Path work;

    ReferenceScripts(Path work) {
        this.work = work;
        GitCli.run(work, "init", "-q", "--initial-branch=main");
        GitCli.createBare(work.resolve(ORIGIN), "main");
    }

    /** Writes the image files and commits them to auto; nothing if there was nothing to commit. */
    Optional<ObjectId> introduceImages(ObjectId auto, Map<String, String> files, String message) {
        checkOut("auto", auto);
        files.forEach(this::write);
        // A message with many services is too long for an argument.
        write(MESSAGE, message);
        boolean committed = GitCli.succeeds(work, "commit", "-q", "-a", "-F", MESSAGE);
        if (!committed) {
            GitCli.run(work, "clean", "-q", "-f", "-d");
        }
        return committed ? Optional.of(head()) : Optional.empty();
    }

    private void write(String path, String text) {
        try {
            Files.createDirectories(work.resolve(path).getParent());
            Files.writeString(work.resolve(path), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Main has moved beyond auto: auto goes there. */
    boolean alignByMoving(ObjectId auto, ObjectId main) {
        checkOut("auto", auto);
        return GitCli.succeeds(work, "branch", "-f", "auto", main.name());
    }

    /** Main has moved aside. */
    Rebase alignByRebasing(ObjectId auto, ObjectId main) {
        return rebase(auto, main.name());
    }

    /** Takes a red commit out. */
    Rebase evict(ObjectId auto, ObjectId red, ObjectId parent) {
        return rebase(auto, "--onto", parent.name(), red.name());
    }

    private Rebase rebase(ObjectId auto, String... arguments) {
        checkOut("auto", auto);
        var command = new String[arguments.length + 2];
        command[0] = "rebase";
        command[1] = "-q";
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        if (GitCli.succeeds(work, command)) {
            return new Rebase(head(), null, Set.of());
        }
        var conflicts = new TreeSet<>(GitCli.run(work, "diff", "--name-only", "--diff-filter=U")
                .lines()
                .toList());
        ObjectId stoppedAt =
                ObjectId.fromString(GitCli.run(work, "rev-parse", "REBASE_HEAD").strip());
        GitCli.run(work, "rebase", "--abort");
        return new Rebase(null, stoppedAt, conflicts);
    }

    /** Main goes to a green commit, if that contains it. */
    Optional<ObjectId> fastForward(ObjectId main, ObjectId green) {
        if (!GitCli.succeeds(work, "merge-base", "--is-ancestor", main.name(), green.name())) {
            return Optional.empty();
        }
        checkOut("main", main);
        GitCli.run(work, "merge", "-q", "--ff-only", green.name());
        return Optional.of(head());
    }

    /** Main goes to what was auto, and auto to what is left of it, by two scripts that know nothing of each other. */
    boolean bothPushesSucceed(ObjectId main, ObjectId auto, ObjectId rest) {
        GitCli.run(
                work, "push", "-q", "-f", ORIGIN, main.name() + ":refs/heads/main", auto.name() + ":refs/heads/auto");
        return push("main", main, auto) && push("auto", auto, rest);
    }

    private boolean push(String branch, ObjectId from, ObjectId to) {
        String ref = "refs/heads/" + branch;
        return GitCli.succeeds(
                work, "push", "-q", "--force-with-lease=" + ref + ":" + from.name(), ORIGIN, to.name() + ":" + ref);
    }

    private void checkOut(String branch, ObjectId commit) {
        GitCli.run(work, "checkout", "-q", "-f", "-B", branch, commit.name());
    }

    private ObjectId head() {
        return ObjectId.fromString(GitCli.run(work, "rev-parse", "HEAD").strip());
    }
}
