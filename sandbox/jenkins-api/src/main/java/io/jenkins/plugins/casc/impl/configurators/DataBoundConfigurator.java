package io.jenkins.plugins.casc.impl.configurators;

import io.jenkins.plugins.casc.BaseConfigurator;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.model.CNode;
import io.jenkins.plugins.casc.model.Mapping;
import sandbox.RealController;

public class DataBoundConfigurator<T> extends BaseConfigurator<T> {
    public DataBoundConfigurator(Class<T> clazz) {
        throw RealController.needed();
    }

    @Override
    public Class<T> getTarget() {
        throw RealController.needed();
    }

    @Override
    protected T instance(Mapping config, ConfigurationContext context) throws ConfiguratorException {
        throw RealController.needed();
    }

    @Override
    public T configure(CNode c, ConfigurationContext context) throws ConfiguratorException {
        throw RealController.needed();
    }

    @Override
    public T check(CNode config, ConfigurationContext context) throws ConfiguratorException {
        throw RealController.needed();
    }
}
