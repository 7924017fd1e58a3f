package jenkins.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.ModelObject;
import sandbox.RealController;

public abstract class GlobalConfigurationCategory implements ExtensionPoint, ModelObject {
    public abstract String getShortDescription();

    @NonNull
    public static <T extends GlobalConfigurationCategory> T get(Class<T> type) {
        throw RealController.needed();
    }

    public static class Unclassified extends GlobalConfigurationCategory {
        @Override
        public String getShortDescription() {
            throw RealController.needed();
        }

        @Override
        public String getDisplayName() {
            throw RealController.needed();
        }
    }
}
