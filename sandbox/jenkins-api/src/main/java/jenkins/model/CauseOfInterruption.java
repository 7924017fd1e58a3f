package jenkins.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.TaskListener;
import java.io.Serializable;

/** Living. */
public abstract class CauseOfInterruption implements Serializable {
    private static final long serialVersionUID = 1L;

    public abstract String getShortDescription();

    public void print(TaskListener listener) {
        listener.getLogger().println(getShortDescription());
    }

    public static final class UserInterruption extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;

        @NonNull
        private final String user;

        public UserInterruption(@NonNull String userId) {
            this.user = userId;
        }

        @Override
        public String getShortDescription() {
            return "Aborted by " + user;
        }
    }
}
