package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Living: persistent actions; those of a {@code TransientActionFactory} belong to pages and stay away. */
public abstract class Actionable extends AbstractModelObject {
    private CopyOnWriteArrayList<Action> actions;

    private synchronized CopyOnWriteArrayList<Action> actions() {
        if (actions == null) {
            actions = new CopyOnWriteArrayList<>();
        }
        return actions;
    }

    @NonNull
    public final List<? extends Action> getAllActions() {
        return List.copyOf(actions());
    }

    @NonNull
    public <T extends Action> List<T> getActions(Class<T> type) {
        return actions().stream().filter(type::isInstance).map(type::cast).toList();
    }

    public void addAction(@NonNull Action a) {
        actions().add(a);
    }

    public void replaceAction(@NonNull Action a) {
        addOrReplaceAction(a);
    }

    public boolean addOrReplaceAction(@NonNull Action a) {
        boolean isNew = !actions().contains(a);
        actions().removeIf(action -> action.getClass() == a.getClass());
        addAction(a);
        return isNew;
    }

    public boolean removeAction(@Nullable Action a) {
        return a != null && actions().remove(a);
    }

    public boolean removeActions(@NonNull Class<? extends Action> clazz) {
        return actions().removeIf(clazz::isInstance);
    }

    public <T extends Action> T getAction(Class<T> type) {
        List<T> found = getActions(type);
        return found.isEmpty() ? null : found.get(0);
    }
}
