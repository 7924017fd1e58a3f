package io.jenkins.plugins.gitops.steps;

import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.SettableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * What a step sees of its build. Serialised it is no more than a number; what it becomes when it is read again is said
 * by {@link #succeedWith}, as a build finds its context again after a restart.
 */
final class TestStepContext extends StepContext {

    private static final long serialVersionUID = 1L;

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Map<Integer, TestStepContext> SUCCESSORS = new ConcurrentHashMap<>();
    private static final long PATIENCE_SECONDS = 30;

    private final transient int number = NUMBERS.incrementAndGet();
    private final transient Map<Class<?>, Object> services = new ConcurrentHashMap<>();
    private final transient Map<Class<?>, Object> contextOfBody = new ConcurrentHashMap<>();
    private final transient ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final transient CountDownLatch ended = new CountDownLatch(1);
    private final transient List<Object> completions = new CopyOnWriteArrayList<>();
    private final transient List<SettableFuture<Void>> heldSaves = new CopyOnWriteArrayList<>();
    private transient volatile boolean holdsSaves;
    private transient volatile boolean dead;
    private transient volatile boolean agentLost;

    @CheckForNull
    private transient volatile Body body;

    @CheckForNull
    private transient volatile BodyExecutionCallback runningBody;

    private record Failure(Throwable cause) {}

    private record Success(@CheckForNull Object result) {}

    private record Handle(int number) implements Serializable {
        private Object readResolve() {
            return SUCCESSORS.get(number);
        }
    }

    TestStepContext(Run<?, ?> run, EnvVars environment, @CheckForNull FilePath workspace) {
        PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
        TaskListener listener = () -> out;
        services.put(Run.class, run);
        services.put(EnvVars.class, environment);
        services.put(TaskListener.class, listener);
        if (workspace != null) {
            services.put(FilePath.class, workspace);
            services.put(Launcher.class, new Launcher.LocalLauncher(listener));
        }
    }

    /** The step is in these parallel branches, the outermost first. */
    void putIntoBranches(String... names) {
        List<BlockStartNode> blocks = new ArrayList<>();
        for (String name : names) {
            ThreadNameAction action = mock(ThreadNameAction.class);
            when(action.getThreadName()).thenReturn(name);
            BlockStartNode branch = mock(BlockStartNode.class);
            when(branch.getAction(ThreadNameAction.class)).thenReturn(action);
            blocks.add(0, branch);
            blocks.add(0, mock(BlockStartNode.class));
        }
        FlowNode node = mock(FlowNode.class);
        doReturn(blocks).when(node).getEnclosingBlocks();
        services.put(FlowNode.class, node);
    }

    private Object writeReplace() {
        return new Handle(number);
    }

    /** From now on nobody hears of what this context is told: its controller is gone. */
    void succeedWith(TestStepContext successor) {
        dead = true;
        SUCCESSORS.put(number, successor);
    }

    /** Saves take until {@link #releaseSaves()}. */
    void holdSaves() {
        holdsSaves = true;
    }

    void releaseSaves() {
        heldSaves.forEach(save -> save.set(null));
    }

    void failSaves(Throwable failure) {
        heldSaves.forEach(save -> save.setException(failure));
    }

    /** The agent of the workspace is lost, or back. */
    void loseAgent(boolean lost) {
        agentLost = lost;
    }

    @Override
    public <T> T get(Class<T> key) throws IOException {
        if (key == FilePath.class && agentLost) {
            throw new IOException("Unable to create live FilePath for agent-1");
        }
        return key.cast(services.get(key));
    }

    @Override
    public void onSuccess(@CheckForNull Object result) {
        complete(new Success(result));
    }

    @Override
    public void onFailure(Throwable cause) {
        complete(new Failure(cause));
    }

    private void complete(Object completion) {
        if (!dead) {
            completions.add(completion);
            ended.countDown();
        }
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public ListenableFuture<Void> saveState() {
        SettableFuture<Void> save = SettableFuture.create();
        heldSaves.add(save);
        if (!holdsSaves) {
            save.set(null);
        }
        return save;
    }

    @Override
    public void setResult(Result result) {
        ((Run<?, ?>) services.get(Run.class)).setResult(result);
    }

    @Override
    public BodyInvoker newBodyInvoker() {
        return new BodyInvoker() {
            private BodyExecutionCallback callback;

            @Override
            public BodyInvoker withContext(Object override) {
                contextOfBody.put(override.getClass(), override);
                return this;
            }

            @Override
            public BodyInvoker withDisplayName(String name) {
                return this;
            }

            @Override
            public BodyInvoker withCallback(BodyExecutionCallback told) {
                callback = told;
                return this;
            }

            private FilePath folder() {
                return (FilePath) contextOfBody.get(FilePath.class);
            }

            @Override
            public BodyExecution start() {
                callback.onStart(TestStepContext.this);
                runningBody = callback;
                try {
                    Object result = body.run(Path.of(folder().getRemote()));
                    if (result != Body.GOES_ON) {
                        callback.onSuccess(TestStepContext.this, result);
                    }
                } catch (Exception e) {
                    callback.onFailure(TestStepContext.this, e);
                }
                return null;
            }
        };
    }

    @Override
    public boolean hasBody() {
        return body != null;
    }

    /** What the body of a step does in its folder. */
    interface Body {

        /** Returned by a body that has not ended yet. */
        Object GOES_ON = new Object();

        @CheckForNull
        Object run(Path folder) throws Exception;
    }

    /** The step is inside the body of another one. */
    void putInto(TestStepContext outer) {
        services.putAll(outer.contextOfBody);
    }

    /** The step has a body. */
    void putBody(@CheckForNull Body given) {
        body = given;
    }

    /** What the body that goes on tells at its end, or null if none was started. */
    @CheckForNull
    BodyExecutionCallback runningBody() {
        return runningBody;
    }

    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    int completions() {
        return completions.size();
    }

    int saves() {
        return heldSaves.size();
    }

    /** Waits for the end, and returns what the step returns or throws what it throws. */
    Object end() throws Exception {
        if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("The step did not end within " + PATIENCE_SECONDS + " s; its log: " + log());
        }
        if (completions.get(0) instanceof Failure failure) {
            if (failure.cause() instanceof Exception exception) {
                throw exception;
            }
            throw new AssertionError(failure.cause());
        }
        return ((Success) completions.get(0)).result();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TestStepContext that && number == that.number;
    }

    @Override
    public int hashCode() {
        return number;
    }
}
