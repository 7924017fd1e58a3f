package hudson.model;

import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import sandbox.RealController;

@ExportedBean
public abstract class Cause {
    @Exported(visibility = 3)
    public abstract String getShortDescription();

    /** Implemented. */
    public static class UserIdCause extends Cause {
        private final String userId;

        public UserIdCause() {
            throw RealController.needed();
        }

        public UserIdCause(String userId) {
            this.userId = userId;
        }

        public String getUserId() {
            return userId;
        }

        @Override
        public String getShortDescription() {
            return "Started by user " + userId;
        }
    }

    public static class UpstreamCause extends Cause {
        private UpstreamCause() {}

        /** In place of the causes that a long chain of builds has lost. */
        public static class DeeplyNestedUpstreamCause extends Cause {
            @Override
            public String getShortDescription() {
                throw RealController.needed();
            }
        }

        public List<Cause> getUpstreamCauses() {
            throw RealController.needed();
        }

        @Override
        public String getShortDescription() {
            throw RealController.needed();
        }
    }
}
