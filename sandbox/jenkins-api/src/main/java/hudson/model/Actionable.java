package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Living: persistent actions; those of a {@code TransientActionFactory} belong to pages and stay away. */
public abstract class Actionable extends AbstractModelObject {
    // Replaced by each change, so that whoever reads needs no lock.
    private volatile List<Action> actions;

    private List<Action> actions() {
        List<Action> present = actions;
        return present == null ? List.of() : present;
    }

    private synchronized boolean change(Predicate<List<Action>> change) {
        List<Action> changed = new ArrayList<>(actions());
        boolean done = change.test(changed);
        actions = changed;
        return done;
    }

    @NonNull
    public <T extends Action> List<T> getActions(Class<T> type) {
        return actions().stream().filter(type::isInstance).map(type::cast).toList();
    }

    public void addAction(@NonNull Action a) {
        change(all -> all.add(a));
    }

    public <T extends Action> T getAction(Class<T> type) {
        List<T> found = getActions(type);
        return found.isEmpty() ? null : found.get(0);
    }
}
