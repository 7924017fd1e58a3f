package io.jenkins.plugins.gitops.steps;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.ExtensionList;
import hudson.FilePath;
import hudson.model.Result;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RegistryDefinition;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.triggers.EndedChangeListener;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import jenkins.model.CauseOfInterruption;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs single steps as Pipeline does: binds them from named arguments, starts them with a context, aborts them, and
 * serialises them and reads them again, as a restart of the controller does, at any point of a test.
 */
final class StepHarness implements BeforeEachCallback, AfterEachCallback {

    private final Map<String, TestJob> jobs = new HashMap<>();
    private final EnvVars environment = new EnvVars();

    @CheckForNull
    private FilePath workspace;

    @CheckForNull
    private TestStepContext.Body bodyOfSteps;

    @Override
    public void beforeEach(ExtensionContext context) {
        assumeTrue(Jenkins.getInstanceOrNull() != null, "steps run on the types that the sandbox has of Jenkins");
        // There is no queue of Jenkins.
        ExtensionList.lookupSingleton(EndedChangeListener.class).setStarter((repository, ended) -> {});
        // The registry that most tests name is none, so what they record cannot be checked there.
        var registry = new RegistryDefinition("https://docker.example.com");
        registry.setVerify(false);
        GitOpsWavesConfiguration.get().setRegistries(List.of(registry));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (Jenkins.getInstanceOrNull() != null) {
            ExtensionList.lookup(ItemListener.class).forEach(ItemListener::onBeforeShutdown);
        }
    }

    /** What the steps that are started from now on see of the environment. */
    StepHarness with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** The workspace of the steps that are started from now on. */
    StepHarness in(@CheckForNull File folder) {
        workspace = folder == null ? null : new FilePath(folder);
        return this;
    }

    /** The workspace of the steps that are started from now on, which may be one that the test makes up. */
    StepHarness inWorkspace(@CheckForNull FilePath folder) {
        workspace = folder;
        return this;
    }

    /** The body of the steps that are started from now on. */
    StepHarness body(TestStepContext.Body body) {
        bodyOfSteps = body;
        return this;
    }

    /** The controller is stopped now and started again after a time; the steps are left to the test. */
    void controllerIsDown(Duration time) {
        DriverRegistry drivers = DriverRegistry.get();
        ExtensionList.lookup(ItemListener.class).forEach(ItemListener::onLoaded);
        drivers.setClock(Clock.offset(drivers.clock(), time));
        ExtensionList.lookup(ItemListener.class).forEach(ItemListener::onLoaded);
    }

    void configure(RepositoryDefinition... repositories) {
        GitOpsWavesConfiguration.get().setRepositories(List.of(repositories));
    }

    TestRun build(String job) throws IOException {
        TestJob known = jobs.computeIfAbsent(job, TestJob::new);
        TestRun run = new TestRun(known);
        known.add(run);
        return run;
    }

    /** The same build as a controller reads it that was started again. */
    TestRun reload(TestRun run) throws IOException {
        TestRun again = new TestRun(run.getParent(), run.getRootDir());
        run.getParent().add(again);
        return again;
    }

    /** Runs a step to its end. */
    Object run(TestRun run, String step, Map<String, Object> arguments) throws Exception {
        return start(run, step, arguments).end();
    }

    /** Starts a step, which goes on by itself. */
    Started start(TestRun run, String step, Map<String, Object> arguments) throws Exception {
        Started started = prepare(run, step, arguments);
        started.begin();
        return started;
    }

    /** Starts a step inside the body of another one, which is running. */
    Started start(Started outer, String step, Map<String, Object> arguments) throws Exception {
        Started started = prepare(outer.run, step, arguments, context -> context.putInto(outer.context));
        started.begin();
        return started;
    }

    /** Makes a step ready to be started. */
    Started prepare(TestRun run, String step, Map<String, Object> arguments) throws Exception {
        return prepare(run, step, arguments, context -> {});
    }

    private Started prepare(
            TestRun run, String step, Map<String, Object> arguments, Consumer<TestStepContext> surroundings)
            throws Exception {
        StepDescriptor descriptor = StepDescriptor.byFunctionName(step);
        TestStepContext context = new TestStepContext(run, environment, workspace);
        context.putBody(bodyOfSteps);
        surroundings.accept(context);
        descriptor.checkContextAvailability(context);
        Step bound = descriptor.newInstance(arguments);
        return new Started(run, context, bound.start(context));
    }

    /** A step that was started, and its life after restarts. */
    final class Started {

        private final TestRun run;
        private TestStepContext context;
        private StepExecution execution;

        @CheckForNull
        private BodyExecutionCallback body;

        private Started(TestRun run, TestStepContext context, StepExecution execution) {
            this.run = run;
            this.context = context;
            this.execution = execution;
        }

        void begin() throws Exception {
            if (execution.start() && !context.hasEnded()) {
                throw new AssertionError("the step says that it ended, but has not said how");
            }
        }

        /** The controller is killed at this moment and started again. */
        void restart() throws IOException, ClassNotFoundException {
            resume(save());
        }

        /** The bytes that a controller would have on disk at this moment. */
        byte[] save() throws IOException {
            ByteArrayOutputStream saved = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(saved)) {
                out.writeObject(execution);
                out.writeObject(context.runningBody());
            }
            return saved.toByteArray();
        }

        /** The controller comes back with what it had saved. */
        void resume(byte[] saved) throws IOException, ClassNotFoundException {
            TestStepContext successor = new TestStepContext(reload(run), environment, workspace);
            context.succeedWith(successor);
            context = successor;
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(saved))) {
                execution = (StepExecution) in.readObject();
                body = (BodyExecutionCallback) in.readObject();
            }
            context.putBody(bodyOfSteps);
            execution.onResume();
        }

        /** The body that was running when the controller was killed ends well. */
        void endBody() {
            body.onSuccess(context, null);
        }

        /** The body that runs ends well. */
        void endRunningBody() {
            context.runningBody().onSuccess(context, null);
        }

        /** Somebody aborts the build. */
        void abort() throws Exception {
            execution.stop(new FlowInterruptedException(Result.ABORTED, true, new Aborted()));
        }

        Object end() throws Exception {
            return context.end();
        }

        /** The map that the step returns. */
        @SuppressWarnings("unchecked")
        Map<String, Object> result() throws Exception {
            return (Map<String, Object>) end();
        }

        TestRun run() {
            return run;
        }

        TestStepContext context() {
            return context;
        }

        String log() {
            return context.log();
        }

        String status() {
            return execution.getStatus();
        }
    }

    /** The cause of {@link Started#abort}. */
    private static final class Aborted extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;

        @Override
        public String getShortDescription() {
            return "Aborted by the test";
        }
    }
}
