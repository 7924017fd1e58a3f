package io.jenkins.plugins.casc;

import io.jenkins.plugins.casc.model.CNode;

public interface Configurator<T> {
    Class<T> getTarget();

    T configure(CNode config, ConfigurationContext context) throws ConfiguratorException;

    T check(CNode config, ConfigurationContext context) throws ConfiguratorException;
}
