package io.jenkins.plugins.casc.model;

import java.util.ArrayList;
import sandbox.RealController;

public final class Sequence extends ArrayList<CNode> implements CNode {
    public Sequence() {
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
    public Sequence clone() {
        throw RealController.needed();
    }
}
