package io.jenkins.plugins.casc.model;

public interface CNode extends Cloneable {
    enum Type {
        MAPPING,
        SEQUENCE,
        SCALAR
    }

    Type getType();

    Source getSource();

    CNode clone();
}
