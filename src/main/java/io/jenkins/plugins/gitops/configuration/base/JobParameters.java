package io.jenkins.plugins.gitops.configuration.base;

import hudson.model.Job;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The parameters of builds that the plugin starts. */
@Restricted(NoExternalUse.class)
public final class JobParameters {

    private JobParameters() {}

    /** The parameters, whether or not the job declares them, and the defaults of all others that the job declares. */
    public static ParametersAction of(Job<?, ?> job, Map<String, String> parameters) {
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
