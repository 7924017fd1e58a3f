package hudson.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Implemented for persistent actions; those of a {@code TransientActionFactory} are left to a real controller. */
public abstract class Actionable implements ModelObject {
    // Replaced by each change, so that readers need no lock.
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

    public <T extends Action> List<T> getActions(Class<T> type) {
        return actions().stream().filter(type::isInstance).map(type::cast).toList();
    }

    public void addAction(Action a) {
        change(all -> all.add(a));
    }

    public <T extends Action> T getAction(Class<T> type) {
        List<T> found = getActions(type);
        return found.isEmpty() ? null : found.get(0);
    }
}
