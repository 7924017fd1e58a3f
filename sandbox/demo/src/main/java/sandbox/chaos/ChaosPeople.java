package sandbox.chaos;

import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Simulates users with a checkout: they push to main and auto, and sometimes rewind or reset these branches with a
 * forced push.
 */
final class ChaosPeople {
    private final Path checkout;
    private final Random random;
    private final Set<String> moves = new HashSet<>();
    private int number;

    ChaosPeople(Path folder, ChaosRepository repository, long seed) {
        this.checkout = folder.resolve("checkout");
        this.random = new Random(seed);
        GitCli.run(folder, "clone", "-q", repository.server().urlWithPassword("cfg-app.git"), checkout.toString());
    }

    /** Whether a simulated user pushed this update, or tried to. */
    boolean moved(ChaosRepository.Move move) {
        return moves.contains(move.old() + move.now());
    }

    /** Commits a documentation file and pushes it to a branch; returns whether the push succeeded. */
    boolean push(String branch) throws IOException {
        if (!fetch() || !GitCli.succeeds(checkout, "checkout", "-q", "--detach", "origin/" + branch)) {
            return false;
        }
        String old = head();
        number++;
        Files.createDirectories(checkout.resolve("docs"));
        Files.writeString(checkout.resolve("docs/" + random.nextInt(5) + ".md"), number + "\n");
        GitCli.run(checkout, "add", "-A");
        GitCli.run(checkout, "commit", "-q", "-m", "By hand " + number);
        return force(branch, old, head());
    }

    /** Removes the last one or two commits of main with a forced push; returns whether the push succeeded. */
    boolean rewindMain() {
        if (!fetch()) {
            return false;
        }
        String old = commit("origin/main");
        String now = commit("origin/main~" + (1 + random.nextInt(2)));
        return !old.isEmpty() && !now.isEmpty() && force("main", old, now);
    }

    /** Resets auto to main or to the parent of its tip, or deletes it; returns whether the push succeeded. */
    boolean resetAuto() {
        if (!fetch()) {
            return false;
        }
        String old = commit("origin/auto");
        return switch (random.nextInt(3)) {
            case 0 -> !old.isEmpty() && force("auto", old, commit("origin/main"));
            case 1 -> !old.isEmpty() && force("auto", old, commit("origin/auto~1"));
            default -> !old.isEmpty() && force("auto", old, "");
        };
    }

    private boolean fetch() {
        return GitCli.succeeds(checkout, "fetch", "-q", "--prune", "origin");
    }

    private String head() {
        return commit("HEAD");
    }

    private String commit(String name) {
        return GitCli.succeeds(checkout, "rev-parse", "-q", "--verify", name + "^{commit}")
                ? GitCli.run(checkout, "rev-parse", name).strip()
                : "";
    }

    /**
     * Moves a branch if it is still at the commit {@code old}. With a simulated fault the update may have happened
     * although the push failed.
     */
    private boolean force(String branch, String old, String now) {
        moves.add(old + (now.isEmpty() ? "0".repeat(40) : now));
        return GitCli.succeeds(
                checkout,
                "push",
                "-q",
                "--force-with-lease=" + branch + ":" + old,
                "origin",
                now + ":refs/heads/" + branch);
    }
}
