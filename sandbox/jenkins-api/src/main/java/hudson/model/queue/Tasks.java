package hudson.model.queue;

import hudson.model.Queue.Task;
import org.springframework.security.core.Authentication;
import sandbox.RealController;

public class Tasks {
    public static Authentication getAuthenticationOf2(Task t) {
        throw RealController.needed();
    }
}
