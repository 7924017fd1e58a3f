package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Describable;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.configuration.base.FieldRules;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import io.jenkins.plugins.gitops.configuration.gates.ApprovalsDefinition;
import io.jenkins.plugins.gitops.configuration.gates.GateDefinition;
import io.jenkins.plugins.gitops.configuration.gates.VerificationDefinition;
import io.jenkins.plugins.gitops.flux.FluxSelection;
import io.jenkins.plugins.gitops.matching.LabelSelector;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import io.jenkins.plugins.gitops.waves.FanIn;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.Wave;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

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

    @CheckForNull
    private String from;

    private boolean directCommits;
    private List<String> allowedJobs = new ArrayList<>();

    @CheckForNull
    private String argoServer;

    /** Missing in what was saved before there were targets. */
    @CheckForNull
    private List<String> applications;

    @CheckForNull
    private String fluxCluster;

    @CheckForNull
    private List<String> kustomizations;

    @CheckForNull
    private List<String> helmReleases;

    @CheckForNull
    private String selector;

    private boolean acceptSuspended;

    @CheckForNull
    private String soak;

    @CheckForNull
    private String intake;

    @CheckForNull
    private String require;

    /** Missing in what was saved before there were windows. */
    @CheckForNull
    private List<WindowDefinition> windows;

    /** Missing in what was saved before there were verifications. */
    @CheckForNull
    private List<VerificationDefinition> verifications;

    @CheckForNull
    private ApprovalsDefinition approvals;

    /** Missing in what was saved before there were gates. */
    @CheckForNull
    private List<GateDefinition> gates;

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

    @CheckForNull
    public String getFrom() {
        return from;
    }

    @DataBoundSetter
    public void setFrom(@CheckForNull String from) {
        this.from = Util.fixEmptyAndTrim(from);
    }

    @CheckForNull
    public String getFluxCluster() {
        return fluxCluster;
    }

    @DataBoundSetter
    public void setFluxCluster(@CheckForNull String fluxCluster) {
        this.fluxCluster = Util.fixEmptyAndTrim(fluxCluster);
    }

    public List<String> getKustomizations() {
        return kustomizations == null ? List.of() : Collections.unmodifiableList(kustomizations);
    }

    @DataBoundSetter
    public void setKustomizations(@CheckForNull List<String> kustomizations) {
        List<String> given = JobPatterns.lines(kustomizations);
        this.kustomizations = given.isEmpty() ? null : given;
    }

    /** One name a line, for the form. */
    public String getKustomizationsAsText() { // jelly access only
        return String.join("\n", getKustomizations());
    }

    public List<String> getHelmReleases() {
        return helmReleases == null ? List.of() : Collections.unmodifiableList(helmReleases);
    }

    @DataBoundSetter
    public void setHelmReleases(@CheckForNull List<String> helmReleases) {
        List<String> given = JobPatterns.lines(helmReleases);
        this.helmReleases = given.isEmpty() ? null : given;
    }

    /** One name a line, for the form. */
    public String getHelmReleasesAsText() { // jelly access only
        return String.join("\n", getHelmReleases());
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

    public boolean isAcceptSuspended() {
        return acceptSuspended;
    }

    @DataBoundSetter
    public void setAcceptSuspended(boolean acceptSuspended) {
        this.acceptSuspended = acceptSuspended;
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

    public List<VerificationDefinition> getVerifications() {
        return verifications == null ? List.of() : Collections.unmodifiableList(verifications);
    }

    @DataBoundSetter
    public void setVerifications(@CheckForNull List<VerificationDefinition> verifications) {
        this.verifications = verifications == null || verifications.isEmpty() ? null : new ArrayList<>(verifications);
    }

    public List<GateDefinition> getGates() {
        return gates == null ? List.of() : Collections.unmodifiableList(gates);
    }

    @DataBoundSetter
    public void setGates(@CheckForNull List<GateDefinition> gates) {
        this.gates = gates == null || gates.isEmpty() ? null : new ArrayList<>(gates);
    }

    @CheckForNull
    public ApprovalsDefinition getApprovals() {
        return approvals;
    }

    @DataBoundSetter
    public void setApprovals(@CheckForNull ApprovalsDefinition approvals) {
        this.approvals = approvals;
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

    /**
     * Converts the definition.
     *
     * @throws IllegalArgumentException with a sentence that names the field and what to do
     */
    Wave toWave() {
        if (name == null) {
            throw new IllegalArgumentException("one of them has no name; give it one.");
        }
        FieldRules.fullName("promotionJob of the wave " + name, promotionJob);
        Wave.Builder wave = Wave.named(name)
                .promotesFrom(previous())
                .fanIn(in("from", () -> from == null ? FanIn.ALL : FanIn.parse(from)))
                .directCommits(directCommits)
                .targets(targets())
                .fluxTargets(fluxTargets())
                .gates(toGates());
        return (imagesPath == null ? wave : wave.imagesPath(imagesPath)).build();
    }

    /** The names of the waves before this one. */
    private List<String> previous() {
        return promotesFrom == null ? List.of() : List.of(promotesFrom.split("\\s*,\\s*", -1));
    }

    private Gates toGates() {
        return Gates.builder()
                .soak(in("soak", () -> soak == null ? Duration.ZERO : Durations.parse(soak)))
                .freeze(in("intake", this::freezes))
                .require(in(
                        "require", () -> require == null ? RolloutRequirement.ALL : RolloutRequirement.parse(require)))
                .windows(getWindows().stream()
                        .map(window -> in("windows", window::toWindow))
                        .toList())
                .verifications(getVerifications().stream()
                        .map(verification -> in("verifications", verification::toRule))
                        .toList())
                .approvals(in("approvals", () -> approvals == null ? ApprovalRule.NONE : approvals.toRule()))
                .questions(getGates().stream()
                        .map(gate -> in("gates", gate::toRule))
                        .toList())
                .starvedAfter(in("starvedAfter", this::starves))
                .build();
    }

    @CheckForNull
    private Duration starves() {
        if (starvedAfter == null) {
            return null;
        }
        Duration given = Durations.parse(starvedAfter);
        if (given.isZero()) {
            throw new IllegalArgumentException("\"" + starvedAfter
                    + "\" would report every set at once; give a longer one, such as 3d, or leave it out.");
        }
        return given;
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

    @CheckForNull
    private FluxSelection fluxTargets() {
        if (fluxCluster == null) {
            if (!getKustomizations().isEmpty() || !getHelmReleases().isEmpty()) {
                throw new IllegalArgumentException("the wave " + name
                        + " has kustomizations or helmReleases, but no fluxCluster; name the cluster that they"
                        + " are in.");
            }
            return null;
        }
        try {
            return new FluxSelection(
                    fluxCluster,
                    getKustomizations(),
                    getHelmReleases(),
                    Optional.ofNullable(selector).map(LabelSelector::parse));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("of the wave " + name + ": " + e.getMessage());
        }
    }

    /** Sets the fields that select targets, as the form sends them. */
    void setTargets(String server, String names, String labels) {
        setArgoServer(server);
        setApplications(List.of(Util.fixNull(names)));
        setSelector(labels);
    }

    @CheckForNull
    private TargetSelection targets() {
        boolean selecting = !getApplications().isEmpty() || selector != null && fluxCluster == null;
        if (argoServer == null) {
            if (selecting) {
                throw new IllegalArgumentException("the wave " + name
                        + " has applications or a selector, but no argoServer; name the server that they are on.");
            }
            return null;
        }
        try {
            return new TargetSelection(argoServer, getApplications(), Util.fixNull(selector))
                    .acceptSuspended(acceptSuspended);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the wave " + name + ": " + e.getMessage());
        }
    }
}
