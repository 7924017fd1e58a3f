package hudson.model;

import org.springframework.security.core.Authentication;
import sandbox.RealController;

/** Implemented: there are no users. */
public class User {
    private User() {}

    public static User getById(String id, boolean create) {
        return null;
    }

    public String getId() {
        throw RealController.needed();
    }

    public Authentication impersonate2() {
        throw RealController.needed();
    }
}
