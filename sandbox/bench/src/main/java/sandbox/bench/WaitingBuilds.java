package sandbox.bench;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Creates builds, of the sandbox's Jenkins types, in which steps can wait. */
final class WaitingBuilds {

    private static final int PER_JOB = 100;

    private WaitingBuilds() {}

    /** Creates a number of builds, a hundred in each job. */
    static List<Run<?, ?>> make(int count) throws IOException {
        var builds = new ArrayList<Run<?, ?>>();
        BenchJob job = null;
        for (int i = 0; i < count; i++) {
            if (job == null || i % PER_JOB == 0) {
                job = new BenchJob("app-" + i / PER_JOB);
            }
            var build = new BenchRun(job);
            job.runs.put(build.getNumber(), build);
            builds.add(build);
        }
        return builds;
    }

    private static final class BenchJob extends Job<BenchJob, BenchRun> {
        private final transient SortedMap<Integer, BenchRun> runs = new TreeMap<>(Collections.reverseOrder());

        BenchJob(String name) {
            super(Jenkins.get(), name);
        }

        @Override
        public boolean isBuildable() {
            return true;
        }

        @Override
        protected SortedMap<Integer, ? extends BenchRun> _getRuns() {
            return runs;
        }

        @Override
        protected void removeRun(BenchRun run) {
            runs.remove(run.getNumber());
        }
    }

    private static final class BenchRun extends Run<BenchJob, BenchRun> {
        BenchRun(BenchJob job) throws IOException {
            super(job);
        }

        @Override
        public boolean isBuilding() {
            return true;
        }
    }

    /** The context of a step. It counts steps that succeed, and throws an exception if a step fails. */
    static class Context extends StepContext {
        private static final long serialVersionUID = 1L;

        private final transient Run<?, ?> build;
        private final transient CountDownLatch ended;

        Context(Run<?, ?> build, CountDownLatch ended) {
            this.build = build;
            this.ended = ended;
        }

        @Override
        public boolean hasBody() {
            return false;
        }

        @Override
        public <T> T get(Class<T> key) {
            return key.cast(key == TaskListener.class ? TaskListener.NULL : key == Run.class ? build : null);
        }

        @Override
        public void onSuccess(@Nullable Object result) {
            ended.countDown();
        }

        @Override
        public void onFailure(Throwable failure) {
            throw new IllegalStateException("A step failed.", failure);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public ListenableFuture<Void> saveState() {
            return Futures.immediateVoidFuture();
        }

        @Override
        public void setResult(Result result) {
            build.setResult(result);
        }

        @Override
        public BodyInvoker newBodyInvoker() {
            throw new IllegalStateException("There are no bodies here.");
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
