package hudson.model;

import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import sandbox.RealController;

@ExportedBean
public abstract class Cause {
    @Exported(visibility = 3)
    public abstract String getShortDescription();

    public static class UserIdCause extends Cause {
        public UserIdCause() {
            throw RealController.needed();
        }

        public String getUserId() {
            throw RealController.needed();
        }

        @Override
        public String getShortDescription() {
            throw RealController.needed();
        }
    }

    public static class UpstreamCause extends Cause {
        private UpstreamCause() {}

        public List<Cause> getUpstreamCauses() {
            throw RealController.needed();
        }

        @Override
        public String getShortDescription() {
            throw RealController.needed();
        }
    }
}
