package io.jenkins.plugins.gitops.configuration.base;

import hudson.model.Job;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterValue;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The parameters of builds that the plugin starts. */
@Restricted(NoExternalUse.class)
public final class JobParameters {

    /** A name, a SHA or a digest, or nothing. */
    private static final Predicate<String> HARMLESS =
            Pattern.compile("(?:[A-Za-z0-9][A-Za-z0-9._-]{0,99})?").asMatchPredicate();

    private JobParameters() {}

    /**
     * The parameters, whether or not the job declares them, and the defaults of all others that the job declares.
     *
     * @throws IllegalArgumentException if one is more than a name or a digest: jobs hand them to shells, and some were
     *     read from git
     */
    public static ParametersAction of(Job<?, ?> job, Map<String, String> parameters) {
        parameters.forEach((name, value) -> {
            if (!HARMLESS.test(value)) {
                throw new IllegalArgumentException("\"" + SingleLine.excerpt(value) + "\" is not handed to "
                        + job.getFullName() + " as " + name + ": it is not a name and no digest.");
            }
        });
        List<ParameterValue> values = new ArrayList<>();
        parameters.forEach((name, value) -> values.add(new StringParameterValue(name, value)));
        ParametersDefinitionProperty declared = job.getProperty(ParametersDefinitionProperty.class);
        if (declared != null) {
            for (ParameterDefinition definition : declared.getParameterDefinitions()) {
                ParameterValue value = definition.getDefaultParameterValue();
                if (value != null && !parameters.containsKey(definition.getName())) {
                    values.add(value);
                }
            }
        }
        return new ParametersAction(values, parameters.keySet());
    }
}
