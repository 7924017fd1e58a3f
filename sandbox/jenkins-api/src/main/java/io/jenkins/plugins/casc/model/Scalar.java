package io.jenkins.plugins.casc.model;

import sandbox.RealController;

public final class Scalar implements CNode {
    private Scalar() {}

    public String getValue() {
        throw RealController.needed();
    }

    @Override
    public Scalar asScalar() {
        throw RealController.needed();
    }

    @Override
    public Type getType() {
        throw RealController.needed();
    }

    @Override
    public Source getSource() {
        throw RealController.needed();
    }

    @Override
    public Scalar clone() {
        throw RealController.needed();
    }
}
