package hudson.model;

import java.util.List;
import sandbox.RealController;

public class Queue implements Saveable {
    public static Queue getInstance() {
        throw RealController.needed();
    }

    @Override
    public void save() {
        throw RealController.needed();
    }

    public interface Task extends ModelObject {}

    public interface Executable extends Runnable {}

    public interface QueueAction extends Action {
        boolean shouldSchedule(List<Action> actions);
    }

    public abstract static class Item extends Actionable {
        private Item() {}
    }
}
