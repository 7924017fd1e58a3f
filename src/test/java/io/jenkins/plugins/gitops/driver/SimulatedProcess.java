package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.EvictChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.driver.MemoryTransport.Move;
import io.jenkins.plugins.gitops.driver.SimulatedHistory.Build;
import io.jenkins.plugins.gitops.driver.SimulatedHistory.Fault;
import io.jenkins.plugins.gitops.driver.SimulationLedger.Seen;
import io.jenkins.plugins.gitops.git.CloneStore;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** A controller with a driver, a clone and a network of its own; its driver pauses wherever it meets the server. */
final class SimulatedProcess implements MemoryTransport.Remote, AutoCloseable {

    final String name;
    private final SimulatedHistory world;
    private final String url;
    private final PausableTask fiber;
    private final Map<CompletableFuture<Boolean>, SimulatedCi.Word> reports = new LinkedHashMap<>();
    private MemoryRepository clone = new MemoryRepository();
    private Seen seen = new Seen(0, Instant.EPOCH, Map.of(), Map.of(), Map.of(), List.of());
    private Instant nextLook = Instant.EPOCH;

    @CheckForNull
    private Driver driver;

    SimulatedProcess(SimulatedHistory world, String name) throws RepoUnavailable {
        this.world = world;
        this.name = name;
        url = MemoryTransport.register(name, this);
        fiber = new PausableTask(name);
        start(false);
    }

    // ---- its life ---------------------------------------------------------------------------------------------

    boolean isUp() {
        return driver != null;
    }

    boolean isBusy() {
        return fiber.busy();
    }

    boolean isDue() {
        return isUp() && !isBusy() && !nextLook.isAfter(world.clock.instant());
    }

    void start(boolean freshClone) throws RepoUnavailable {
        if (freshClone) {
            clone = new MemoryRepository();
        }
        var store = new CloneStore() {
            @Override
            public Repository open() {
                return clone;
            }

            @Override
            public void abandon() {
                clone = new MemoryRepository();
            }
        };
        var repo = ConfigRepoClone.open(store, url, () -> null);
        driver = new Driver(
                RepositoryScene.settings(url),
                repo,
                ApplicationLookup.NONE,
                world.clock,
                "https://" + name + ".example.com/");
        nextLook = Instant.EPOCH;
    }

    /** Ends it where it is; what it was asked and has not answered is asked again, or lost. */
    void stop() {
        fiber.stop();
        driver = null;
        reports.values().forEach(world.ci::unanswered);
        reports.clear();
    }

    /** The next bit of a round: up to where it meets the server. */
    void goOn() {
        if (!fiber.busy()) {
            fiber.begin(this::round);
        }
        fiber.resume();
    }

    private void round() {
        try {
            nextLook = driver.round();
            for (Build build : world.builds.values()) {
                if (build.at == this && build.appended != null) {
                    driver.status(build.followed()).ifPresent(status -> world.told(this, build, status));
                }
            }
        } catch (RepoUnavailable e) {
            world.trace(name, "in trouble: " + e.getMessage());
            // Where somebody takes from auto what is put there, it is again and again back where it was.
            boolean refused = e.getMessage().contains("refused to move")
                    && !world.mayHappen(Fault.RESETS_OF_AUTO)
                    && !world.mayHappen(Fault.DELETIONS_OF_AUTO)
                    && !world.mayHappen(Fault.MERGES_TO_AUTO);
            if (e.getMessage().contains("was rewritten") || refused) {
                throw world.violated(name + " says: " + e.getMessage());
            }
            driver.failRound(e);
            nextLook = world.clock.instant().plusSeconds(5);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        fiber.close();
        MemoryTransport.unregister(name);
    }

    // ---- what it is asked -------------------------------------------------------------------------------------

    CompletableFuture<SubmittedChange> append(Build build) {
        CompletableFuture<SubmittedChange> answer = driver.submit(new AppendChange(build.change));
        answer.thenAccept(appended -> world.answered(this, build, seen, appended));
        return answer;
    }

    void evict(Build build) {
        driver.submit(new EvictChange(build.change.id(), "its build was aborted"));
    }

    void report(SimulatedCi.Word word) {
        CompletableFuture<Boolean> answer = driver.submit(new RecordReport(new CheckReport(
                word.sha(),
                new CheckStatus(RepositoryScene.CHECK, word.state(), word.at(), word.run()),
                "acme/cfg-app-ci")));
        reports.put(answer, word);
        answer.whenComplete((awaited, failure) -> {
            if (failure != null && reports.remove(answer) != null) {
                world.ci.unanswered(word);
            } else {
                reports.remove(answer);
            }
        });
    }

    /** What it was told of commits and has not answered yet. */
    List<SimulatedCi.Word> told() {
        return List.copyOf(reports.values());
    }

    Optional<ChangeStatus> status(String id) {
        try {
            return driver.status(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The queue, as its driver explains it. */
    String queue() {
        try {
            return driver.state().stream()
                    .flatMap(state -> state.auto().stream())
                    .map(RepositoryState.QueuedChange::status)
                    .map(change -> change.sha().substring(0, 8) + " " + change.reason())
                    .collect(Collectors.joining("; "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- its way to the server --------------------------------------------------------------------------------

    @Override
    public MemoryRepository repository() {
        return world.server.repository();
    }

    @Override
    public Map<String, ObjectId> refs(boolean push) throws TransportException {
        fiber.pause();
        if (world.offline == this) {
            throw new TransportException("unreachable", new UnknownHostException(name));
        }
        int step = world.steps();
        Instant at = world.clock.instant();
        Map<String, ObjectId> begin = world.refs();
        Map<String, ObjectId> end = begin;
        var read = new TreeMap<>(begin);
        if (world.happens(Fault.TORN_READS, 0.3)) {
            fiber.pause();
            end = world.refs();
            for (String ref : world.changed(begin, end)) {
                if (world.random.nextBoolean()) {
                    continue;
                }
                if (end.containsKey(ref)) {
                    read.put(ref, end.get(ref));
                } else {
                    read.remove(ref);
                }
            }
            if (!read.equals(begin) && !read.equals(end)) {
                world.trace(name, "reads torn");
            }
        }
        // A push that was decided before goes on only if all is as it was read then.
        boolean same = push && withoutEvicted(read).equals(withoutEvicted(seen.read()));
        seen = new Seen(step, same ? seen.at() : at, begin, end, read, List.of());
        // A driver that does not push asks for some refs only, and the evicted commits are not among them.
        return push ? read : withoutEvicted(read);
    }

    private static Map<String, ObjectId> withoutEvicted(Map<String, ObjectId> refs) {
        var asked = new TreeMap<>(refs);
        asked.keySet().removeIf(ref -> ref.startsWith(SimulationLedger.EVICTED));
        return asked;
    }

    @Override
    public Map<String, String> update(Map<String, Move> moves) throws TransportException {
        if (world.happens(Fault.SLOW_PUSHES, 0.3)) {
            fiber.pause();
        }
        if (world.happens(Fault.LOST_PUSHES, 0.03)) {
            world.trace(name, "loses a push");
            throw new TransportException("connection reset");
        }
        Map<String, String> refusals = world.push(this, seen, moves);
        if (refusals.isEmpty()) {
            // It goes on from there without another look.
            seen = seen.with(moves);
        }
        if (world.happens(Fault.STOPS, 0.2)) {
            // Here it can be stopped before the answer arrives.
            fiber.pause();
        }
        if (world.happens(Fault.LOST_ANSWERS, 0.05)) {
            world.trace(name, "loses the answer to a push");
            throw new TransportException("connection reset");
        }
        return refusals;
    }

    @Override
    public String toString() {
        return name;
    }
}
