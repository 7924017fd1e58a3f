package io.jenkins.plugins.casc.model;

import java.util.HashMap;
import sandbox.RealController;

public final class Mapping extends HashMap<String, CNode> implements CNode {
    public Mapping() {
        throw RealController.needed();
    }

    public void put(String key, String value) {
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
    public Mapping clone() {
        throw RealController.needed();
    }
}
