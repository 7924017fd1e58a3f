package jenkins.model.details;

import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.Actionable;
import hudson.model.ModelObject;
import org.jenkins.ui.icon.IconSpec;
import sandbox.RealController;

public abstract class Detail implements ModelObject, IconSpec {

    public Detail(Actionable object) {}

    public Actionable getObject() {
        throw RealController.needed();
    }

    @Nullable
    public String getIconClassName() {
        return null;
    }

    @Override
    @Nullable
    public String getDisplayName() {
        return null;
    }

    @Nullable
    public String getLink() {
        return null;
    }
}
