package io.jenkins.plugins.gitops.triggers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import hudson.triggers.Trigger;
import hudson.triggers.TriggerDescriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import io.jenkins.plugins.gitops.events.EventType;
import io.jenkins.plugins.gitops.events.WaveEvent;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Triggers a build of its job when a change ends after the build that made it. */
@Restricted(NoExternalUse.class)
public final class ChangeEndedTrigger extends Trigger<Job<?, ?>> {

    @CheckForNull
    private String repo;

    private List<String> outcomes = List.of();

    /** Creates a trigger for all changes of the only repository. */
    @DataBoundConstructor
    public ChangeEndedTrigger() {}

    @CheckForNull
    public String getRepo() {
        return repo;
    }

    @DataBoundSetter
    public void setRepo(@CheckForNull String repo) {
        this.repo = Util.fixEmptyAndTrim(repo);
    }

    public List<String> getOutcomes() {
        return Collections.unmodifiableList(outcomes);
    }

    @DataBoundSetter
    public void setOutcomes(@CheckForNull List<String> outcomes) {
        List<String> given = JobPatterns.lines(outcomes);
        problem(given).ifPresent(problem -> {
            throw new IllegalArgumentException("outcomes: " + problem);
        });
        this.outcomes = given;
    }

    /** A sentence if one of the outcomes is none, since the trigger would wait for it for ever. */
    private static Optional<String> problem(List<String> outcomes) {
        List<String> known = Arrays.stream(EventType.values())
                .filter(EventType::endsChange)
                .map(EventType::toString)
                .toList();
        return outcomes.stream()
                .filter(outcome -> !known.contains(outcome))
                .findFirst()
                .map(outcome -> "\"" + SingleLine.excerpt(outcome) + "\" is not an outcome of a change; use "
                        + String.join(", ", known) + ".");
    }

    /** One outcome a line, for the form. */
    public String getOutcomesAsText() { // jelly access only
        return String.join("\n", outcomes);
    }

    /** Whether the end of a change triggers a build. A missing repository stands for the only one. */
    boolean accepts(WaveEvent ended) {
        boolean rightRepository = repo == null
                ? GitOpsWavesConfiguration.get().getRepositories().size() == 1
                : repo.equals(ended.repository());
        return rightRepository
                && ended.type().endsChange()
                && (outcomes.isEmpty() || outcomes.contains(ended.type().toString()));
    }

    /** Offers the trigger in forms and Jenkinsfiles. */
    @Extension
    @Symbol("changeEnded")
    public static final class DescriptorImpl extends TriggerDescriptor {

        @Override
        public String getDisplayName() {
            return Messages.ChangeEndedTrigger_DisplayName();
        }

        @Override
        public boolean isApplicable(Item item) {
            return item instanceof Job && item instanceof ParameterizedJobMixIn.ParameterizedJob;
        }

        /** Checks that changes end so. */
        @POST
        public FormValidation doCheckOutcomes(@AncestorInPath Item item, @QueryParameter String value) {
            if (item == null || !item.hasPermission(Item.CONFIGURE)) {
                return FormValidation.ok();
            }
            return problem(JobPatterns.lines(List.of(Util.fixNull(value))))
                    .map(FormValidation::error)
                    .orElseGet(FormValidation::ok);
        }
    }
}
