package io.jenkins.plugins.casc.model;

import io.jenkins.plugins.casc.ConfiguratorException;

public interface CNode extends Cloneable {
    enum Type {
        MAPPING,
        SEQUENCE,
        SCALAR
    }

    Type getType();

    Scalar asScalar() throws ConfiguratorException;

    Source getSource();

    CNode clone();
}
