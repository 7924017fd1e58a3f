package hudson.model;

import java.util.List;
import org.kohsuke.stapler.export.ExportedBean;
import sandbox.RealController;

/** Implemented: the causes of a build. */
@ExportedBean
public class CauseAction implements Action {
    private final List<Cause> causes;

    public CauseAction(Cause c) {
        causes = List.of(c);
    }

    public List<Cause> getCauses() {
        return causes;
    }

    @Override
    public String getIconFileName() {
        throw RealController.needed();
    }

    @Override
    public String getDisplayName() {
        throw RealController.needed();
    }

    @Override
    public String getUrlName() {
        throw RealController.needed();
    }
}
