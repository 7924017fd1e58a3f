package io.jenkins.plugins.gitops.build;

import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The replacement of a change's commit by another one on a new base, as {@code build.xml} keeps it. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class SavedRewrite {

    private final String from;
    private final String to;
    private final String why;

    SavedRewrite(ChangeStatus.Rewrite rewrite) {
        this.from = rewrite.from();
        this.to = rewrite.to();
        this.why = rewrite.why();
    }

    boolean isSameAs(SavedRewrite other) {
        return from.equals(other.from) && to.equals(other.to);
    }

    @Exported
    public String getFrom() {
        return from;
    }

    @Exported
    public String getTo() {
        return to;
    }

    @Exported
    public String getWhy() {
        return why;
    }
}
