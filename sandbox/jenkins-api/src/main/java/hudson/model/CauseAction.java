package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import sandbox.RealController;

@ExportedBean
public class CauseAction implements Action {
    public CauseAction(Cause c) {
        throw RealController.needed();
    }

    @Exported(visibility = 2)
    public List<Cause> getCauses() {
        throw RealController.needed();
    }

    @Override
    @CheckForNull
    public String getIconFileName() {
        throw RealController.needed();
    }

    @Override
    @CheckForNull
    public String getDisplayName() {
        throw RealController.needed();
    }

    @Override
    @CheckForNull
    public String getUrlName() {
        throw RealController.needed();
    }
}
