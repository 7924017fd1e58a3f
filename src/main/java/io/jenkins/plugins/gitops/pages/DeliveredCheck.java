package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** What one CI context last said of a change, kept in plain texts in {@code build.xml}. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class DeliveredCheck {

    private final String context;
    private final String state;

    @CheckForNull
    private final String url;

    @CheckForNull
    private final String description;

    DeliveredCheck(CheckStatus status) {
        this.context = status.context();
        this.state = status.state().toString();
        this.url = Links.webUrl(status.url());
        this.description = status.description();
    }

    @Exported
    public String getContext() {
        return context;
    }

    @Exported
    public String getState() {
        return state;
    }

    @CheckForNull
    @Exported
    public String getUrl() {
        return url;
    }

    @CheckForNull
    @Exported
    public String getDescription() {
        return description;
    }

    public boolean isFailed() { // jelly access only
        return state.equals("failure") || state.equals("error") || state.equals("timed_out");
    }

    public boolean isPassed() { // jelly access only
        return state.equals("success");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeliveredCheck that
                && context.equals(that.context)
                && state.equals(that.state)
                && Objects.equals(url, that.url)
                && Objects.equals(description, that.description);
    }

    @Override
    public int hashCode() {
        return Objects.hash(context, state, url, description);
    }
}
