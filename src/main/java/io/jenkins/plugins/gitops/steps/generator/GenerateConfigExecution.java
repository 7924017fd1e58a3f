package io.jenkins.plugins.gitops.steps.generator;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.configuration.GeneratorDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.generation.GenerationTask;
import io.jenkins.plugins.gitops.generation.GenerationWorkQueue;
import io.jenkins.plugins.gitops.generation.GeneratorBuild;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.runtime.GenerationAction;
import io.jenkins.plugins.gitops.steps.base.BodyFolderExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Takes one wanted tree after the other, runs the body on it, and hands in what it made. After a restart of the
 * controller, a body that was running goes on, and what it makes counts if it is still wanted.
 */
final class GenerateConfigExecution extends BodyFolderExecution {

    private static final long serialVersionUID = 1L;

    /** The longest wait for the driver when nothing is left to be done, in milliseconds. */
    private static final long SETTLE_MILLIS = TimeUnit.SECONDS.toMillis(60);

    /** The delay before the next look while the driver finds out what to generate, in milliseconds. */
    private static final long LOOK_MILLIS = 500;

    /** The message of a step that runs a command. */
    private static final Pattern EXIT_CODE = Pattern.compile("script returned exit code -?\\d{1,10}");

    /**
     * What others are told of a failure in other words. The state ref, pages, and the logs of builds that wait have other
     * readers than the build's log, and nothing masks secrets there.
     */
    private static final String UNSAID_REASON = "its body failed as its log says";

    private final transient GenerateConfigStep step;
    private String repository;

    /** Whether a person or a timer has started the build, and not the driver. */
    private boolean byHand;

    private long timeoutMillis;

    /** The tree that the body works on, see {@link GenerationTask#input()}; empty before the first. */
    private volatile String input = "";

    /** See {@link GenerationTask#outdated()}. */
    private volatile String outdated = "";

    /** The time at which the body has taken too long for this tree, in milliseconds. */
    private volatile long bodyEnd;

    private volatile boolean tookTooLong;
    private int trees;

    @CheckForNull
    private volatile BodyExecution body;

    @CheckForNull
    private transient volatile GenerationTask task;

    /** The name by which the task was taken; that of the job may change meanwhile. */
    @CheckForNull
    private transient volatile GeneratorBuild worker;

    /** The answer of the driver to a build that was started by hand. */
    @CheckForNull
    private transient volatile CompletableFuture<Optional<String>> regenerated;

    GenerateConfigExecution(StepContext context, GenerateConfigStep step) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> run = need(Run.class);
        RepositoryDefinition configured = repositoryOf(run);
        StepArguments.require(configured, run, RepositoryPower.GENERATE);
        if (getContext().get(FilePath.class) == null) {
            throw new AbortException("generateConfig needs a workspace; put it into node { … }.");
        }
        repository = configured.toSettings().name();
        timeoutMillis =
                configured.toSettings().generator().orElseThrow().timeout().toMillis();
        byHand = !GenerationAction.findRepository(run).equals(Optional.of(repository));
        beginBody();
        subscribeOnceSaved();
        return false;
    }

    /**
     * The repository that the step names, or the one whose driver has started the build, or the one whose generator the
     * job of the build is.
     */
    private RepositoryDefinition repositoryOf(Run<?, ?> run) throws AbortException {
        String job = run.getParent().getFullName();
        Optional<String> named = Optional.ofNullable(step.getRepo()).or(() -> GenerationAction.findRepository(run));
        List<RepositoryDefinition> generated = GitOpsWavesConfiguration.get().getRepositories().stream()
                .filter(repository -> isGenerator(repository, job))
                .filter(repository -> named.isEmpty() || named.get().equals(repository.getName()))
                .toList();
        if (generated.size() == 1) {
            return generated.get(0);
        }
        if (step.getRepo() != null) {
            // Names those that there are, if it is none of them.
            StepArguments.repository(step.getRepo());
        }
        throw new AbortException(
                generated.isEmpty()
                        ? "The job \"" + job + "\" is not the generator of "
                                + named.orElse("any config repository")
                                + "; an administrator can name it as the job of a repository's generator."
                        : "The job \"" + job + "\" is the generator of several config repositories; say which is meant"
                                + " with repo:.");
    }

    private static boolean isGenerator(RepositoryDefinition repository, String job) {
        GeneratorDefinition generator = repository.getGenerator();
        return generator != null && job.equals(generator.getJob());
    }

    @Override
    protected boolean mayAsk() {
        return isStillAllowed(repository, RepositoryPower.GENERATE);
    }

    @Override
    protected void subscribe() {
        if (byHand && regenerated == null && !isEnded()) {
            regenerateTip();
        }
        super.subscribe();
    }

    /** Also while the git server cannot be reached, for as long as one tree may take. */
    private void regenerateTip() {
        var answer = new CompletableFuture<Optional<String>>();
        regenerated = answer;
        try {
            startTimeout(limit());
            request(repository, new DriverRequest.RegenerateTip(), answer::complete, answer::completeExceptionally);
        } catch (AbortException e) {
            fail(e);
        }
    }

    @Override
    protected void prepareBody() {
        whenReady(this::takeNext);
    }

    @Override
    protected void onBodyResumed() {
        limitBody();
        whenReady(() -> runWithFolder(folder -> takeAgain()));
    }

    @Override
    protected void collectBody() {
        cancel("body");
        whenReady(() -> runWithFolder(this::collect));
    }

    @Override
    protected void onBodyFailure(Throwable failure) {
        cancel("body");
        if (isOfTheTree(failure)) {
            // After a restart now, the tree is taken again.
            beginBody();
            DriverRegistry.get().executors().callbacks().execute(() -> collectFailure(failure));
        } else {
            fail(failure);
        }
    }

    private GenerationWorkQueue workQueue() throws AbortException {
        return DriverRegistry.get()
                .generation(repository)
                .orElseThrow(() -> new AbortException("The config repository " + repository
                        + " is not configured any more, or has no generator; start this job when it has one."));
    }

    private GeneratorBuild build() throws IOException, InterruptedException {
        return GeneratorRunListener.of(need(Run.class));
    }

    private void whenReady(Runnable work) {
        try {
            workQueue()
                    .whenReady()
                    .thenRunAsync(work, DriverRegistry.get().executors().callbacks());
        } catch (AbortException e) {
            fail(e);
        }
    }

    // ---- one tree after the other --------------------------------------------------------------------------------

    private void takeNext() {
        cancel("settle");
        if (mayAsk() && !isEnded()) {
            runWithFolder(this::takeInto);
        }
    }

    private void takeInto(FilePath folder) throws IOException, InterruptedException {
        GeneratorBuild taker = build();
        worker = taker;
        Optional<GenerationTask> next = workQueue().take(taker);
        if (next.isEmpty()) {
            endUnlessMoreComes();
            return;
        }
        GenerationTask taken = next.get();
        // The driver wants trees before it answers.
        restartTimeout();
        task = taken;
        input = taken.input();
        outdated = taken.outdated();
        layOut(folder, taken.tree(), taken.paths());
        log("Generating for " + taken.purpose() + " of " + repository + ", in " + folder.getRemote());
        if (isEnded()) {
            return;
        }
        tookTooLong = false;
        bodyEnd = now() + timeoutMillis;
        limitBody();
        body = startBody(folder);
    }

    private Optional<GenerationTask> takeAgain() throws IOException, InterruptedException {
        GeneratorBuild taker = build();
        worker = taker;
        return workQueue().takeAgain(taker, input, outdated);
    }

    /** Ends the step when the driver has seen all answers, and wants nothing more. */
    private void endUnlessMoreComes() throws AbortException {
        CompletableFuture<Optional<String>> asked = regenerated;
        CompletableFuture<Void> settled = workQueue().whenSettled();
        if (asked != null && !asked.isDone()) {
            schedule("look", LOOK_MILLIS, this::takeNext);
        } else if (settled.isDone()) {
            end(asked);
        } else {
            schedule("settle", SETTLE_MILLIS, () -> end(asked));
            settled.thenRunAsync(
                    this::takeNext, DriverRegistry.get().executors().callbacks());
        }
    }

    private void end(@Nullable CompletableFuture<Optional<String>> asked) {
        log("Generated " + trees + (trees == 1 ? " tree of " : " trees of ") + repository + "; nothing more is wanted");
        if (asked == null) {
            succeed(null);
            return;
        }
        try {
            log(asked.join()
                    .map(sha -> "Queued what was out of date as a change of its own, " + sha)
                    .orElse("All generated files of the tip are as they should be"));
            succeed(null);
        } catch (RuntimeException e) {
            fail(Futures.cause(e));
        }
    }

    /** Stops the body when it takes too long for one tree. */
    private void limitBody() {
        schedule("body", bodyEnd - now(), () -> {
            BodyExecution running = body;
            if (bodyPhase() == BodyPhase.RUNNING && running != null) {
                tookTooLong = true;
                running.cancel(
                        new FlowInterruptedException(Result.FAILURE, false, new GenerationTimeoutCause(limit())));
            }
        });
    }

    private String limit() {
        return Durations.format(Duration.ofMillis(timeoutMillis));
    }

    private void collect(FilePath folder) throws IOException, InterruptedException {
        GenerationTask done = task;
        if (done == null) {
            done = takeAgain().orElse(null);
        }
        boolean wanted = false;
        if (done != null) {
            trees++;
            try {
                wanted = workQueue().complete(build(), done, changes(folder, done.tree(), done.paths()));
            } catch (RequestRefused e) {
                String reason = Objects.requireNonNullElse(e.getMessage(), "refused");
                log("Generating failed: " + reason);
                wanted = workQueue().failed(build(), input, reason);
            }
        }
        if (!wanted) {
            log("Nobody wants this tree any more");
        }
        beginBody();
        takeInto(folder);
    }

    /** The body has failed on a tree; the others are generated all the same. */
    private void collectFailure(Throwable failure) {
        runWithFolder(folder -> {
            String reason = tookTooLong ? "it took longer than " + limit() : String.valueOf(failure.getMessage());
            log("Generating failed: " + SingleLine.of(reason));
            boolean wanted =
                    workQueue().failed(build(), input, tookTooLong || isExitCode(reason) ? reason : UNSAID_REASON);
            if (!wanted) {
                log("Nobody wants this tree any more");
            }
            takeInto(folder);
        });
    }

    /** Whether a message of a failure can have nothing in it that a tool has said. */
    private static boolean isExitCode(String message) {
        return EXIT_CODE.matcher(message).matches();
    }

    /** Whether a failure of the body says something of the tree, not of the agent or of the build. */
    private boolean isOfTheTree(Throwable failure) {
        if (failure instanceof FlowInterruptedException) {
            return tookTooLong;
        }
        return failure instanceof AbortException || !(failure instanceof IOException);
    }

    /** The build may do other things before it ends; another one can go on with what this one has not done. */
    @Override
    protected void onEnd() {
        super.onEnd();
        GeneratorBuild taker = worker;
        String taken = input;
        if (taker != null && !taken.isEmpty()) {
            DriverRegistry registry = DriverRegistry.get();
            registry.executors()
                    .callbacks()
                    .execute(() -> registry.generation(repository).ifPresent(queue -> queue.giveBack(taker, taken)));
        }
    }

    @Override
    public String getStatus() {
        GenerationTask present = task;
        return bodyPhase() == BodyPhase.PREPARING || present == null
                ? "waiting for what " + repository + " wants"
                : "generating for " + present.purpose() + " of " + repository;
    }
}
