package io.jenkins.plugins.casc;

import io.jenkins.plugins.casc.model.CNode;
import sandbox.RealController;

public abstract class BaseConfigurator<T> implements Configurator<T> {
    @Override
    public T configure(CNode c, ConfigurationContext context) throws ConfiguratorException {
        throw RealController.needed();
    }

    @Override
    public T check(CNode c, ConfigurationContext context) throws ConfiguratorException {
        throw RealController.needed();
    }
}
