package hudson.model.queue;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Queue.Task;
import org.springframework.security.core.Authentication;
import sandbox.RealController;

public class Tasks {
    @NonNull
    public static Authentication getAuthenticationOf2(@NonNull Task t) {
        throw RealController.needed();
    }
}
