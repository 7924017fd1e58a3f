package io.jenkins.plugins.gitops.configuration.gates;

import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.User;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Who has to approve a set before it is promoted into a wave, as configured. */
@Restricted(NoExternalUse.class)
public final class ApprovalsDefinition implements Describable<ApprovalsDefinition> {

    private int count = 1;
    private List<String> from = new ArrayList<>();
    private boolean notAuthor;

    /** Asks for one approval, by anybody who has the permission. */
    @DataBoundConstructor
    public ApprovalsDefinition() {
        // All fields have defaults.
    }

    public int getCount() {
        return count;
    }

    @DataBoundSetter
    public void setCount(int count) {
        this.count = count;
    }

    public List<String> getFrom() {
        return Collections.unmodifiableList(from);
    }

    @DataBoundSetter
    public void setFrom(List<String> from) {
        this.from = JobPatterns.lines(from);
    }

    /** One name a line, for the form. */
    public String getFromAsText() { // jelly access only
        return String.join("\n", from);
    }

    public boolean isNotAuthor() {
        return notAuthor;
    }

    @DataBoundSetter
    public void setNotAuthor(boolean notAuthor) {
        this.notAuthor = notAuthor;
    }

    /**
     * Converts the definition.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong and what to do
     */
    public ApprovalRule toRule() {
        if (count < 1 || count > ApprovalRule.MAX_COUNT) {
            throw new IllegalArgumentException("count is " + count + "; give a number from 1 to "
                    + ApprovalRule.MAX_COUNT + ", or leave approvals out.");
        }
        var named = new HashSet<String>();
        for (String name : from) {
            if (!named.add(name)) {
                throw new IllegalArgumentException("from names " + name + " twice; take one out.");
            }
        }
        return new ApprovalRule(count, from, notAuthor);
    }

    /** The form of approvals. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<ApprovalsDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.ApprovalsDefinition_DisplayName();
        }

        /** Checks the number, and warns if there are fewer people who could approve. */
        @POST
        public FormValidation doCheckCount(@QueryParameter String value, @QueryParameter String from) {
            String given = Util.fixEmptyAndTrim(value);
            boolean isNumber = given != null && given.matches("\\d{1,3}");
            FormValidation number = FormAccess.checkField(
                    () -> isNumber && Integer.parseInt(given) >= 1 && Integer.parseInt(given) <= ApprovalRule.MAX_COUNT
                            ? Optional.empty()
                            : Optional.of("is not a number from 1 to " + ApprovalRule.MAX_COUNT + "."));
            if (number.kind != FormValidation.Kind.OK || !isNumber || !FormAccess.mayConfigure()) {
                return number;
            }
            List<String> names = JobPatterns.lines(List.of(Util.fixNull(from)));
            // A name that is no user may be a group, of which nobody says how many people it has.
            boolean usersOnly = !names.isEmpty() && names.stream().allMatch(name -> User.getById(name, false) != null);
            return usersOnly && names.size() < Integer.parseInt(given)
                    ? FormAccess.warning(Messages.ApprovalsDefinition_TooFew(names.size()))
                    : FormValidation.ok();
        }
    }
}
