package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.RelativePath;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Job;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.Wave;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

    static final String FREEZE = "freeze";
    static final String LATEST = "latest";

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

    @CheckForNull
    private String soak;

    @CheckForNull
    private String intake;

    @CheckForNull
    private String require;

    /** Missing in what was saved before there were windows. */
    @CheckForNull
    private List<WindowDefinition> windows;

    @CheckForNull
    private String starvedAfter;

    @CheckForNull
    private String promotionJob;

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
        List<String> given = JobPatterns.lines(applications);
        this.applications = given.isEmpty() ? null : given;
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

    @CheckForNull
    public String getSoak() {
        return soak;
    }

    @DataBoundSetter
    public void setSoak(@CheckForNull String soak) {
        this.soak = Util.fixEmptyAndTrim(soak);
    }

    @CheckForNull
    public String getIntake() {
        return intake;
    }

    @DataBoundSetter
    public void setIntake(@CheckForNull String intake) {
        this.intake = Util.fixEmptyAndTrim(intake);
    }

    @CheckForNull
    public String getRequire() {
        return require;
    }

    @DataBoundSetter
    public void setRequire(@CheckForNull String require) {
        this.require = Util.fixEmptyAndTrim(require);
    }

    public List<WindowDefinition> getWindows() {
        return windows == null ? List.of() : Collections.unmodifiableList(windows);
    }

    @DataBoundSetter
    public void setWindows(@CheckForNull List<WindowDefinition> windows) {
        this.windows = windows == null || windows.isEmpty() ? null : new ArrayList<>(windows);
    }

    @CheckForNull
    public String getStarvedAfter() {
        return starvedAfter;
    }

    @DataBoundSetter
    public void setStarvedAfter(@CheckForNull String starvedAfter) {
        this.starvedAfter = Util.fixEmptyAndTrim(starvedAfter);
    }

    @CheckForNull
    public String getPromotionJob() {
        return promotionJob;
    }

    @DataBoundSetter
    public void setPromotionJob(@CheckForNull String promotionJob) {
        this.promotionJob = Util.fixEmptyAndTrim(promotionJob);
    }

    /** The wave as the engine knows it. */
    public Wave toWave() {
        if (name == null) {
            throw new IllegalArgumentException("one of them has no name; give it one.");
        }
        return new Wave(
                name,
                imagesPath == null ? "images/" + name : imagesPath,
                promotesFrom,
                directCommits,
                targets(),
                gates());
    }

    private Gates gates() {
        return new Gates(
                in("soak", () -> soak == null ? Duration.ZERO : Durations.parse(soak)),
                in("intake", this::freezes),
                in("require", () -> require == null ? RolloutRequirement.ALL : RolloutRequirement.parse(require)),
                getWindows().stream()
                        .map(window -> in("windows", window::toWindow))
                        .toList(),
                in("starvedAfter", () -> starvedAfter == null ? null : Durations.parse(starvedAfter)));
    }

    private boolean freezes() {
        String given = intake == null ? soak == null ? LATEST : FREEZE : intake;
        if (!given.equals(FREEZE) && !given.equals(LATEST)) {
            throw new IllegalArgumentException("\"" + given + "\" is neither " + FREEZE + " nor " + LATEST + ".");
        }
        return given.equals(FREEZE);
    }

    /** Adds the wave and the field to a sentence about a value. */
    private <T> T in(String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + " of the wave " + name + ": " + e.getMessage());
        }
    }

    private void setTargets(String server, String names, String labels) {
        setArgoServer(server);
        setApplications(List.of(Util.fixNull(names)));
        setSelector(labels);
    }

    @CheckForNull
    private TargetSelection targets() {
        boolean selecting = !getApplications().isEmpty() || selector != null;
        if (argoServer == null) {
            if (selecting) {
                throw new IllegalArgumentException("the wave " + name
                        + " has applications or a selector, but no argoServer; name the server that they are on.");
            }
            return null;
        }
        try {
            return new TargetSelection(argoServer, getApplications(), Util.fixNull(selector));
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

        /** Offers what may happen to newer sets while one soaks. */
        @POST
        public ListBoxModel doFillIntakeItems() {
            return new ListBoxModel(
                    new ListBoxModel.Option(Messages.WaveDefinition_IntakeDefault(), ""),
                    new ListBoxModel.Option(Messages.WaveDefinition_Freeze(), FREEZE),
                    new ListBoxModel.Option(Messages.WaveDefinition_Latest(), LATEST));
        }

        /** Offers the Argo CD servers that are saved. */
        @POST
        public ComboBoxModel doFillArgoServerItems() {
            return offered(GitOpsWavesConfiguration.get().getArgoServers().stream().map(ArgoCdServerDefinition::getName));
        }

        /** Offers the waves that are saved for the repository. */
        @POST
        public ComboBoxModel doFillPromotesFromItems(@RelativePath("..") @QueryParameter("name") String repository) {
            return offered(GitOpsWavesConfiguration.get().getRepositories().stream()
                    .filter(saved -> repository.equals(saved.getName()))
                    .flatMap(saved -> saved.getWaves().stream())
                    .map(WaveDefinition::getName));
        }

        private static ComboBoxModel offered(Stream<String> names) {
            return new ComboBoxModel(FormAccess.mayConfigure() ? names.toList() : List.of());
        }

        /** Says in the form whether the name can be used. */
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FormAccess.required(value, RepositoryValidator::nameProblem);
        }

        /** Says in the form whether this can be the folder of a wave. */
        @POST
        public FormValidation doCheckImagesPath(@QueryParameter String value) {
            return alone(wave -> wave.setImagesPath(value));
        }

        /** Says in the form that no wave is fed by itself; whether there is the other one shows when it is saved. */
        @POST
        public FormValidation doCheckPromotesFrom(@QueryParameter String value, @QueryParameter String name) {
            String given = Util.fixEmptyAndTrim(value);
            return FormAccess.field(() -> given != null && given.equals(Util.fixEmptyAndTrim(name))
                    ? "names the wave itself; name the wave before it, or leave this empty."
                    : given == null ? null : RepositoryValidator.nameProblem(given));
        }

        /** Says in the form whether these can be patterns of jobs. */
        @POST
        public FormValidation doCheckAllowedJobs(@QueryParameter String value) {
            return JobPatterns.check(value);
        }

        /** Says in the form whether the duration can be used. */
        @POST
        public FormValidation doCheckSoak(@QueryParameter String value) {
            return promoting(wave -> wave.setSoak(value));
        }

        /** Says in the form whether the duration can be used. */
        @POST
        public FormValidation doCheckStarvedAfter(@QueryParameter String value) {
            return promoting(wave -> wave.setStarvedAfter(value));
        }

        /** Says in the form whether the number of targets can be used. */
        @POST
        public FormValidation doCheckRequire(
                @QueryParameter String value,
                @QueryParameter String argoServer,
                @QueryParameter String applications,
                @QueryParameter String selector) {
            return promoting(wave -> {
                wave.setRequire(value);
                wave.setTargets(argoServer, applications, selector);
            });
        }

        /** Says in the form if this server is not saved yet. */
        @POST
        public FormValidation doCheckArgoServer(@QueryParameter String value) {
            String given = Util.fixEmptyAndTrim(value);
            boolean known = given == null || GitOpsWavesConfiguration.get().argoServer(given).isPresent();
            return known || !FormAccess.mayConfigure()
                    ? FormValidation.ok()
                    : FormAccess.warning(Messages.WaveDefinition_NoServer(given));
        }

        /** Says in the form whether these can be names of applications. */
        @POST
        public FormValidation doCheckApplications(
                @QueryParameter String value, @QueryParameter String argoServer, @QueryParameter String selector) {
            return alone(wave -> wave.setTargets(argoServer, value, selector));
        }

        /** Says in the form whether this can be a selector. */
        @POST
        public FormValidation doCheckSelector(
                @QueryParameter String value, @QueryParameter String argoServer, @QueryParameter String applications) {
            return alone(wave -> wave.setTargets(argoServer, applications, value));
        }

        /** Says in the form if there is no such job. */
        @POST
        public FormValidation doCheckPromotionJob(@QueryParameter String value) {
            String given = Util.fixEmptyAndTrim(value);
            return given == null || !FormAccess.mayConfigure() || Jenkins.get().getItemByFullName(given) instanceof Job
                    ? FormValidation.ok()
                    : FormAccess.warning(Messages.WaveDefinition_NoJob(given));
        }

        /** Shows which applications are targets of the wave now, for the button of the form. */
        @POST
        public FormValidation doShowTargets(
                @QueryParameter String argoServer, @QueryParameter String applications, @QueryParameter String selector)
                throws InterruptedException {
            FormAccess.checkConfigure();
            FormValidation given = alone(changed -> changed.setTargets(argoServer, applications, selector));
            if (given.kind != FormValidation.Kind.OK) {
                return given;
            }
            var wave = new WaveDefinition("this");
            wave.setTargets(argoServer, applications, selector);
            Optional<ArgoCdServerDefinition> server = GitOpsWavesConfiguration.get().argoServer(wave.getArgoServer());
            return server.isPresent()
                    ? new ArgoCdConnectionTest(server.get()).of(wave)
                    : FormAccess.warning(Messages.WaveDefinition_NoServer(Util.fixNull(wave.getArgoServer())));
        }

        private static FormValidation alone(Consumer<WaveDefinition> change) {
            var wave = new WaveDefinition("this");
            return problem(wave, List.of(wave), change);
        }

        private static FormValidation promoting(Consumer<WaveDefinition> change) {
            var wave = new WaveDefinition("this");
            wave.setPromotesFrom("other");
            return problem(wave, List.of(wave, new WaveDefinition("other")), change);
        }

        /** What is wrong once this is saved, in a repository that has nothing else wrong. */
        private static FormValidation problem(
                WaveDefinition wave, List<WaveDefinition> all, Consumer<WaveDefinition> change) {
            return FormAccess.validated(() -> {
                change.accept(wave);
                return RepositoryValidator.problem(repository -> repository.setWaves(all));
            });
        }
    }
}
