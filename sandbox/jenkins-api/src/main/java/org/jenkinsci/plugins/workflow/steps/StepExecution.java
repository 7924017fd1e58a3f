package org.jenkinsci.plugins.workflow.steps;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/** Implemented. */
public abstract class StepExecution implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Set<StepExecution> LIVE =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private final StepContext context;

    protected StepExecution(StepContext context) {
        this.context = context;
        LIVE.add(this);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        LIVE.add(this);
    }

    public StepContext getContext() {
        return context;
    }

    public abstract boolean start() throws Exception;

    public void stop(Throwable cause) throws Exception {
        context.onFailure(cause);
    }

    public void onResume() {}

    public String getStatus() {
        return null;
    }

    /** Passes ended executions too, until they are garbage collected: an execution has to know that it ended. */
    public static <T extends StepExecution> ListenableFuture<?> acceptAll(Class<T> type, Consumer<T> c) {
        List.copyOf(LIVE).stream().filter(type::isInstance).map(type::cast).forEach(c);
        return Futures.immediateVoidFuture();
    }
}
