package io.jenkins.plugins.gitops.build;

import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** How a change got another commit, kept in plain texts in {@code build.xml}. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class DeliveredRewrite {

    private final String from;
    private final String to;
    private final String why;

    DeliveredRewrite(String from, String to, String why) {
        this.from = from;
        this.to = to;
        this.why = why;
    }

    boolean isSame(DeliveredRewrite other) {
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
