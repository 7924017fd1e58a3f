package io.jenkins.plugins.gitops.steps.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import hudson.AbortException;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.time.Duration;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A step that ends while the disk of its build is full. */
@Tag("sandbox")
class FullDiskTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final StepContext context = mock(StepContext.class);
    private final EndingStep step = new EndingStep(context);

    /** A step that waits until the test ends it. */
    private static final class EndingStep extends ResumableExecution {

        private static final long serialVersionUID = 1L;

        private transient volatile boolean space;

        EndingStep(StepContext context) {
            super(context);
        }

        @Override
        public boolean start() {
            return false;
        }

        @Override
        protected void subscribe() {}

        @Override
        boolean hasSpace() {
            return space;
        }

        @Override
        public String getStatus() {
            return statusWithReason("waiting");
        }
    }

    @BeforeEach
    void begin() {
        assumeTrue(Jenkins.getInstanceOrNull() != null, "runs on the Jenkins types of the sandbox");
    }

    @AfterEach
    void end() {
        if (Jenkins.getInstanceOrNull() != null) {
            new DriverRegistry.Lifecycle().onBeforeShutdown();
        }
    }

    @Test
    void itsEndIsToldOnceThereIsSpace() {
        step.succeed("merged");
        verify(context, never()).onSuccess(any());
        assertThat(step.getStatus()).contains("The step has ended", "the disk of $JENKINS_HOME", "make room");

        step.space = true;

        await().atMost(LONG).untilAsserted(() -> verify(context).onSuccess("merged"));
    }

    @Test
    void itsFailureIsToldOnceThereIsSpace() {
        var failure = new AbortException("red");
        step.fail(failure);
        verify(context, never()).onFailure(any());

        step.space = true;

        await().atMost(LONG).untilAsserted(() -> verify(context).onFailure(failure));
    }

    @Test
    void anAbortIsToldAtOnceAndAlone() throws Exception {
        step.succeed("merged");
        var abort = new InterruptedException("aborted");
        step.stop(abort);
        verify(context).onFailure(abort);

        step.space = true;
        step.stop(abort);

        await().during(Duration.ofSeconds(7)).atMost(LONG).untilAsserted(() -> {
            verify(context, never()).onSuccess(any());
            verify(context, times(1)).onFailure(any());
        });
    }

    @Test
    void nothingIsSavedMeanwhileSincePipelineWouldEndTheBuild() {
        step.saveForRestart();
        verify(context, never()).saveState();

        step.space = true;
        step.saveForRestart();
        verify(context).saveState();
    }
}
