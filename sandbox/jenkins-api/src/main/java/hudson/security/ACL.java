package hudson.security;

import edu.umd.cs.findbugs.annotations.NonNull;
import org.springframework.security.core.Authentication;

/** Living: there is one user, and he may. */
public abstract class ACL {
    public static final Authentication SYSTEM2 = new Authentication() {
        private static final long serialVersionUID = 1L;

        @Override
        public String getName() {
            return "SYSTEM";
        }
    };

    public final void checkPermission(@NonNull Permission p) {}

    public final boolean hasPermission(@NonNull Permission p) {
        return true;
    }

    public boolean hasPermission2(@NonNull Authentication a, @NonNull Permission permission) {
        return true;
    }

    @NonNull
    public static ACLContext as2(@NonNull Authentication auth) {
        return new ACLContext();
    }
}
