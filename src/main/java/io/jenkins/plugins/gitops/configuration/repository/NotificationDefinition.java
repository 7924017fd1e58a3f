package io.jenkins.plugins.gitops.configuration.repository;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.configuration.base.CredentialTypes;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import io.jenkins.plugins.gitops.events.NotificationSettings;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A receiver of the webhooks of a repository, as configured. */
@Restricted(NoExternalUse.class)
public final class NotificationDefinition implements Describable<NotificationDefinition> {

    @CheckForNull
    private final String url;

    @CheckForNull
    private final String secretId;

    private List<String> events = List.of();
    private List<String> waves = List.of();
    private boolean allowInsecure;

    /**
     * Creates a definition of a receiver of all events.
     *
     * @param url to which events are posted
     * @param secretId the stored secret text with which they are signed
     */
    @DataBoundConstructor
    public NotificationDefinition(String url, String secretId) {
        this.url = Util.fixEmptyAndTrim(url);
        this.secretId = Util.fixEmptyAndTrim(secretId);
    }

    @CheckForNull
    public String getUrl() {
        return url;
    }

    @CheckForNull
    public String getSecretId() {
        return secretId;
    }

    public List<String> getEvents() {
        return Collections.unmodifiableList(events);
    }

    @DataBoundSetter
    public void setEvents(@CheckForNull List<String> events) {
        this.events = JobPatterns.lines(events);
    }

    /** One name a line, for the form. */
    public String getEventsAsText() { // jelly access only
        return String.join("\n", events);
    }

    public List<String> getWaves() {
        return Collections.unmodifiableList(waves);
    }

    @DataBoundSetter
    public void setWaves(@CheckForNull List<String> waves) {
        this.waves = JobPatterns.lines(waves);
    }

    /** One name a line, for the form. */
    public String getWavesAsText() { // jelly access only
        return String.join("\n", waves);
    }

    public boolean isAllowInsecure() {
        return allowInsecure;
    }

    @DataBoundSetter
    public void setAllowInsecure(boolean allowInsecure) {
        this.allowInsecure = allowInsecure;
    }

    /**
     * Converts the definition.
     *
     * @throws IllegalArgumentException with a sentence
     */
    public NotificationSettings toSettings() {
        if (url == null) {
            throw new IllegalArgumentException("one has no url; give it one.");
        }
        if (secretId == null) {
            throw new IllegalArgumentException("one has no secretId; name a stored secret text, which the receiver"
                    + " knows too: nothing is sent without a signature.");
        }
        return new NotificationSettings(url, events, waves, allowInsecure);
    }

    /** Is equal for two definitions that are alike. */
    public List<Object> identity() {
        return Arrays.asList(url, secretId, events, waves, allowInsecure);
    }

    /** The form of a receiver. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<NotificationDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.NotificationDefinition_DisplayName();
        }

        /** Checks that the address can be used. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            return FormAccess.checkRequired(value, given -> NotificationSettings.urlProblem(given, allowInsecure));
        }

        /** Checks that there are such events. */
        @POST
        public FormValidation doCheckEvents(@QueryParameter String value) {
            var given = new NotificationDefinition("https://hooks.example.com/", "secret");
            given.setEvents(List.of(Util.fixNull(value)));
            return FormAccess.checkConversion(given::toSettings);
        }

        /** Offers secret texts to administrators, and to all other users only the present value. */
        @POST
        public ListBoxModel doFillSecretIdItems(@AncestorInPath Item item, @QueryParameter String secretId) {
            return FormAccess.credentialsItems(item, secretId, null, CredentialTypes.SECRET_TEXT);
        }

        /** Checks that the stored secret can be found. */
        @POST
        public FormValidation doCheckSecretId(@QueryParameter String value) {
            return FormAccess.checkCredentials(
                    value, null, CredentialTypes.SECRET_TEXT, Messages::NotificationDefinition_NoSecret);
        }
    }
}
