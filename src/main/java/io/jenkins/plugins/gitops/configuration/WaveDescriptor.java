package io.jenkins.plugins.gitops.configuration;

import hudson.Extension;
import hudson.RelativePath;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Job;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.configuration.base.FieldRules;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import io.jenkins.plugins.gitops.waves.FanIn;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The form of one wave: the items of its lists, the checks of its fields, and its button. */
@Extension
@Restricted(NoExternalUse.class)
public final class WaveDescriptor extends Descriptor<WaveDefinition> {

    /** Creates the descriptor of {@link WaveDefinition}. */
    public WaveDescriptor() {
        super(WaveDefinition.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.WaveDefinition_DisplayName();
    }

    /** Offers the values of intake: what happens to newer sets while a set soaks. */
    @POST
    public ListBoxModel doFillIntakeItems() {
        return new ListBoxModel(
                new ListBoxModel.Option(Messages.WaveDefinition_IntakeDefault(), ""),
                new ListBoxModel.Option(Messages.WaveDefinition_Freeze(), WaveDefinition.FREEZE),
                new ListBoxModel.Option(Messages.WaveDefinition_Latest(), WaveDefinition.LATEST));
    }

    /** Offers the values of from: in how many of several waves a set has to be qualified. */
    @POST
    public ListBoxModel doFillFromItems() {
        return new ListBoxModel(
                new ListBoxModel.Option(Messages.WaveDefinition_FromDefault(), ""),
                new ListBoxModel.Option(Messages.WaveDefinition_FromAll(), FanIn.ALL.toString()),
                new ListBoxModel.Option(Messages.WaveDefinition_FromAny(), FanIn.ANY.toString()));
    }

    /** Offers the Argo CD servers that are saved. */
    @POST
    public ComboBoxModel doFillArgoServerItems() {
        return namesForForm(
                GitOpsWavesConfiguration.get().getArgoServers().stream().map(ArgoCdServerDefinition::getName));
    }

    /** Offers the waves that are saved for the repository. */
    @POST
    public ComboBoxModel doFillPromotesFromItems(@RelativePath("..") @QueryParameter("name") String repository) {
        return namesForForm(GitOpsWavesConfiguration.get().getRepositories().stream()
                .filter(saved -> repository.equals(saved.getName()))
                .flatMap(saved -> saved.getWaves().stream())
                .map(WaveDefinition::getName));
    }

    private static ComboBoxModel namesForForm(Stream<String> names) {
        return new ComboBoxModel(FormAccess.mayConfigure() ? names.toList() : List.of());
    }

    /** Checks that the name can be used. */
    @POST
    public FormValidation doCheckName(@QueryParameter String value) {
        return FormAccess.checkRequired(value, FieldRules::name);
    }

    /** Checks that this can be the folder of a wave. */
    @POST
    public FormValidation doCheckImagesPath(@QueryParameter String value) {
        return checkAlone(wave -> wave.setImagesPath(value));
    }

    /** Checks that the wave is not its own source; that the other waves exist is checked when the form is saved. */
    @POST
    public FormValidation doCheckPromotesFrom(@QueryParameter String value, @QueryParameter String name) {
        return FormAccess.checkField(() -> {
            String given = Util.fixEmptyAndTrim(value);
            if (given == null) {
                return Optional.empty();
            }
            List<String> names = Arrays.asList(given.split("\\s*,\\s*", -1));
            if (names.contains(Util.fixEmptyAndTrim(name))) {
                return Optional.of("names the wave itself; name the waves before it, or leave this empty.");
            }
            if (new HashSet<>(names).size() < names.size()) {
                return Optional.of("names a wave twice.");
            }
            return names.stream()
                    .flatMap(each -> FieldRules.name(each).stream())
                    .findFirst();
        });
    }

    /** Checks that these can be patterns of jobs, one a line. */
    @POST
    public FormValidation doCheckAllowedJobs(@QueryParameter String value) {
        return JobPatterns.check(value);
    }

    /** Checks that the duration can be used. */
    @POST
    public FormValidation doCheckSoak(@QueryParameter String value) {
        return checkPromoting(wave -> wave.setSoak(value));
    }

    /** Checks that the duration can be used. */
    @POST
    public FormValidation doCheckStarvedAfter(@QueryParameter String value) {
        return checkPromoting(wave -> wave.setStarvedAfter(value));
    }

    /** Checks that the required number of targets can be used. */
    @POST
    public FormValidation doCheckRequire(
            @QueryParameter String value,
            @QueryParameter String argoServer,
            @QueryParameter String applications,
            @QueryParameter String selector) {
        return checkPromoting(wave -> {
            wave.setRequire(value);
            wave.setTargets(argoServer, applications, selector);
        });
    }

    /** Warns if no Argo CD server of this name is saved. */
    @POST
    public FormValidation doCheckArgoServer(@QueryParameter String value) {
        String given = Util.fixEmptyAndTrim(value);
        boolean known = given == null
                || GitOpsWavesConfiguration.get().findArgoServer(given).isPresent();
        return known || !FormAccess.mayConfigure()
                ? FormValidation.ok()
                : FormAccess.warning(Messages.WaveDefinition_NoServer(given));
    }

    /** Checks that these can be names of applications, one a line. */
    @POST
    public FormValidation doCheckApplications(
            @QueryParameter String value, @QueryParameter String argoServer, @QueryParameter String selector) {
        return checkAlone(wave -> wave.setTargets(argoServer, value, selector));
    }

    /** Checks that this can be a label selector. */
    @POST
    public FormValidation doCheckSelector(
            @QueryParameter String value,
            @QueryParameter String argoServer,
            @QueryParameter String applications,
            @QueryParameter String fluxCluster) {
        return checkAlone(wave -> {
            wave.setTargets(argoServer, applications, value);
            wave.setFluxCluster(fluxCluster);
        });
    }

    /** Warns if there is no such cluster. */
    @POST
    public FormValidation doCheckFluxCluster(@QueryParameter String value) {
        String given = Util.fixEmptyAndTrim(value);
        return given == null
                        || !FormAccess.mayConfigure()
                        || GitOpsWavesConfiguration.get().getClusters().stream()
                                .anyMatch(cluster -> given.equals(cluster.getName()))
                ? FormValidation.ok()
                : FormAccess.warning(Messages.WaveDefinition_NoCluster(given));
    }

    /** Checks that these can be names of Kustomizations, one a line. */
    @POST
    public FormValidation doCheckKustomizations(@QueryParameter String value, @QueryParameter String fluxCluster) {
        return checkAlone(wave -> {
            wave.setFluxCluster(fluxCluster);
            wave.setKustomizations(List.of(Util.fixNull(value)));
            wave.setHelmReleases(Util.fixEmptyAndTrim(fluxCluster) == null ? List.of() : List.of("any"));
        });
    }

    /** Checks that these can be names of HelmReleases, one a line. */
    @POST
    public FormValidation doCheckHelmReleases(@QueryParameter String value, @QueryParameter String fluxCluster) {
        return checkAlone(wave -> {
            wave.setFluxCluster(fluxCluster);
            wave.setHelmReleases(List.of(Util.fixNull(value)));
            wave.setKustomizations(Util.fixEmptyAndTrim(fluxCluster) == null ? List.of() : List.of("any"));
        });
    }

    /** Warns if there is no such job. */
    @POST
    public FormValidation doCheckPromotionJob(@QueryParameter String value) {
        String given = Util.fixEmptyAndTrim(value);
        return given == null
                        || !FormAccess.mayConfigure()
                        || VisibleItems.find(given, Job.class).isPresent()
                ? FormValidation.ok()
                : FormAccess.warning(Messages.WaveDefinition_NoJob(given));
    }

    /** Lists the applications that are targets of the wave now, for the button of the form. */
    @POST
    public FormValidation doShowTargets(
            @QueryParameter String argoServer, @QueryParameter String applications, @QueryParameter String selector)
            throws InterruptedException {
        FormAccess.checkConfigure();
        FormValidation given = checkAlone(changed -> changed.setTargets(argoServer, applications, selector));
        if (given.kind != FormValidation.Kind.OK) {
            return given;
        }
        var wave = new WaveDefinition("this");
        wave.setTargets(argoServer, applications, selector);
        Optional<ArgoCdServerDefinition> server = GitOpsWavesConfiguration.get().findArgoServer(wave.getArgoServer());
        return server.isPresent()
                ? new ArgoCdConnectionTest(server.get()).testWave(wave)
                : FormAccess.warning(Messages.WaveDefinition_NoServer(Util.fixNull(wave.getArgoServer())));
    }

    private static FormValidation checkAlone(Consumer<WaveDefinition> change) {
        var wave = new WaveDefinition("this");
        return check(wave, List.of(wave), change);
    }

    private static FormValidation checkPromoting(Consumer<WaveDefinition> change) {
        var wave = new WaveDefinition("this");
        wave.setPromotesFrom("other");
        return check(wave, List.of(wave, new WaveDefinition("other")), change);
    }

    /** Checks the wave after a change, in a repository that has nothing else wrong. */
    private static FormValidation check(
            WaveDefinition wave, List<WaveDefinition> all, Consumer<WaveDefinition> change) {
        return FormAccess.check(() -> {
            change.accept(wave);
            return RepositoryValidator.problem(repository -> repository.setWaves(all));
        });
    }
}
