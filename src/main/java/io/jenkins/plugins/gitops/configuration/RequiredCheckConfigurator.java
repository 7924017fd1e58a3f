package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.impl.configurators.DataBoundConfigurator;
import io.jenkins.plugins.casc.model.CNode;
import io.jenkins.plugins.casc.model.Mapping;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Lets Configuration as Code write a required check as its plain name. Configuration as Code itself takes a text only
 * where it chooses between implementations. Present only where that plugin is.
 */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class RequiredCheckConfigurator extends DataBoundConfigurator<RequiredCheckDefinition> {

    /** Found by Configuration as Code among the extensions. */
    public RequiredCheckConfigurator() {
        super(RequiredCheckDefinition.class);
    }

    @Override
    public RequiredCheckDefinition configure(@CheckForNull CNode node, ConfigurationContext context)
            throws ConfiguratorException {
        return super.configure(withName(node), context);
    }

    @Override
    public RequiredCheckDefinition check(@CheckForNull CNode node, ConfigurationContext context)
            throws ConfiguratorException {
        return super.check(withName(node), context);
    }

    @CheckForNull
    private static CNode withName(@CheckForNull CNode node) {
        if (node == null || node.getType() != CNode.Type.SCALAR) {
            return node;
        }
        Mapping mapping = new Mapping();
        mapping.put("name", node);
        return mapping;
    }
}
