package sandbox.bench;

import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.driver.Driver;
import io.jenkins.plugins.gitops.driver.DriverLoop;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Runs the plugin's driver on a repository, as a controller does, and reports check results to it. */
final class MeasuredEngine implements AutoCloseable {

    private final ExecutorService housekeeper = Executors.newSingleThreadExecutor(task -> {
        var thread = new Thread(task, "housekeeper");
        thread.setDaemon(true);
        return thread;
    });
    private final Driver driver;
    private long run;

    /** Opens a repository of this machine with a clone in a folder; an existing clone is used again. */
    MeasuredEngine(Path repository, Path clone) throws RepoUnavailable {
        this(repository.toUri().toString(), () -> null, clone);
    }

    /** Opens the repository of a server with a clone in a folder; an existing clone is used again. */
    MeasuredEngine(String url, CredentialsSource credentials, Path clone) throws RepoUnavailable {
        var wave = Wave.named(BenchImages.WAVE).imagesPath(BenchImages.FOLDER).build();
        RepositorySettings settings = BenchRepositories.settings(url, List.of(wave));
        driver = new Driver(
                settings,
                ConfigRepoClone.in(clone, url, credentials, housekeeper),
                ApplicationLookup.NONE,
                Clock.systemUTC(),
                "https://jenkins.example.com/");
    }

    /** Whether a change is queued or decided. */
    boolean knows(String id) throws IOException {
        return driver.status(id).isPresent();
    }

    /** The SHAs of the queued changes, oldest first. */
    List<String> queue() throws IOException {
        return driver.state().orElseThrow().auto().stream()
                .map(queued -> queued.status().sha())
                .toList();
    }

    /** A change by build {@code number} of the app's job. */
    static NewChange change(int number, ImageSet images) {
        ChangeTrailers trailers = ChangeTrailers.builder(
                        NewChange.newId(), ChangeOperation.ANNOUNCE, WavePath.of(BenchImages.WAVE))
                .appSha("%040x".formatted(number))
                .order(Optional.of(new BuildSequence("acme/app/main", number)))
                .reason("new images published")
                .buildUrl("https://jenkins.example.com/job/acme/job/app/job/main/" + number + "/")
                .build();
        return new NewChange(trailers, images);
    }

    /** Returns a loop that runs the driver. The caller closes the loop instead of this object. */
    DriverLoop loop(ScheduledExecutorService scheduler, Executor pool) {
        return new DriverLoop(driver, Clock.systemUTC(), scheduler, pool, pool);
    }

    /** Returns a report of the required check on a commit. */
    static CheckReport verdict(String sha, CheckState state, long run) {
        var status = new CheckStatus(
                BenchRepositories.CHECK,
                state,
                Optional.of("https://ci.example.com/" + run),
                Optional.empty(),
                Instant.now(),
                run);
        return new CheckReport(sha, status, "acme/cfg-app");
    }

    /** Runs one round of the driver. */
    void round() throws RepoUnavailable {
        driver.round();
    }

    /** Appends changes in one round of the driver; returns the answer for the last one. */
    SubmittedChange append(List<NewChange> changes) throws RepoUnavailable {
        List<CompletableFuture<SubmittedChange>> answers = changes.stream()
                .map(change -> driver.submit(new DriverRequest.AppendChange(change)))
                .toList();
        driver.round();
        return answer(answers.get(answers.size() - 1));
    }

    /** Reports a check result of a commit, and runs the round of the driver that handles it. */
    void report(String sha, CheckState state) throws RepoUnavailable {
        CompletableFuture<Boolean> answer = driver.submit(new DriverRequest.RecordReport(verdict(sha, state, ++run)));
        driver.round();
        if (!answer(answer)) {
            throw new IllegalStateException("The engine does not wait for a verdict on " + sha + ".");
        }
    }

    private static <T> T answer(CompletableFuture<T> answer) {
        if (!answer.isDone()) {
            throw new IllegalStateException("A round of the driver left a request unanswered.");
        }
        try {
            return answer.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        driver.close();
        housekeeper.shutdown();
    }
}
