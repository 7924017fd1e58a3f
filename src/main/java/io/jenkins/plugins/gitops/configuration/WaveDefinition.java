package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.argocd.Targets;
import io.jenkins.plugins.gitops.waves.Wave;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A deployment stage of a config repository, as configured. */
@Restricted(NoExternalUse.class)
public final class WaveDefinition implements Describable<WaveDefinition> {

    @CheckForNull
    private final String name;

    @CheckForNull
    private String imagesPath;

    @CheckForNull
    private String promotesFrom;

    private boolean directCommits;
    private List<String> allowedJobs = new ArrayList<>();

    @CheckForNull
    private String argoServer;

    /** Missing in what was saved before there were targets. */
    @CheckForNull
    private List<String> applications;

    @CheckForNull
    private String selector;

    /**
     * Names the wave.
     *
     * @param name how Jenkinsfiles call the wave
     */
    @DataBoundConstructor
    public WaveDefinition(String name) {
        this.name = Util.fixEmptyAndTrim(name);
    }

    @CheckForNull
    public String getName() {
        return name;
    }

    @CheckForNull
    public String getImagesPath() {
        return imagesPath;
    }

    @DataBoundSetter
    public void setImagesPath(@CheckForNull String imagesPath) {
        this.imagesPath = Util.fixEmptyAndTrim(imagesPath);
    }

    @CheckForNull
    public String getPromotesFrom() {
        return promotesFrom;
    }

    @DataBoundSetter
    public void setPromotesFrom(@CheckForNull String promotesFrom) {
        this.promotesFrom = Util.fixEmptyAndTrim(promotesFrom);
    }

    public boolean isDirectCommits() {
        return directCommits;
    }

    @DataBoundSetter
    public void setDirectCommits(boolean directCommits) {
        this.directCommits = directCommits;
    }

    public List<String> getAllowedJobs() {
        return Collections.unmodifiableList(allowedJobs);
    }

    @DataBoundSetter
    public void setAllowedJobs(@CheckForNull List<String> allowedJobs) {
        this.allowedJobs = JobPatterns.lines(allowedJobs);
    }

    /** One pattern a line, for the form. */
    public String getAllowedJobsAsText() { // jelly access only
        return String.join("\n", allowedJobs);
    }

    @CheckForNull
    public String getArgoServer() {
        return argoServer;
    }

    @DataBoundSetter
    public void setArgoServer(@CheckForNull String argoServer) {
        this.argoServer = Util.fixEmptyAndTrim(argoServer);
    }

    public List<String> getApplications() {
        return applications == null ? List.of() : Collections.unmodifiableList(applications);
    }

    @DataBoundSetter
    public void setApplications(@CheckForNull List<String> applications) {
        this.applications = JobPatterns.lines(applications);
    }

    /** One name a line, for the form. */
    public String getApplicationsAsText() { // jelly access only
        return String.join("\n", getApplications());
    }

    @CheckForNull
    public String getSelector() {
        return selector;
    }

    @DataBoundSetter
    public void setSelector(@CheckForNull String selector) {
        this.selector = Util.fixEmptyAndTrim(selector);
    }

    /** The wave as the engine knows it. */
    Wave toWave() {
        if (name == null) {
            throw new IllegalArgumentException("one of them has no name; give it one.");
        }
        return new Wave(
                name, imagesPath == null ? "images/" + name : imagesPath, promotesFrom, directCommits, targets());
    }

    @CheckForNull
    private Targets targets() {
        boolean selecting = !getApplications().isEmpty() || selector != null;
        if (argoServer == null) {
            if (selecting) {
                throw new IllegalArgumentException("the wave " + name
                        + " has applications or a selector, but no argoServer; name the server that they are on.");
            }
            return null;
        }
        try {
            return new Targets(argoServer, getApplications(), Util.fixNull(selector));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("of the wave " + name + ": " + e.getMessage());
        }
    }

    /** The form of one wave. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<WaveDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.WaveDefinition_DisplayName();
        }

        /** Says in the form that a name is needed. */
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            return FormValidation.validateRequired(value);
        }
    }
}
