package io.jenkins.plugins.casc.model;

import sandbox.RealController;

public final class Source {
    private Source() {}

    public String file() {
        throw RealController.needed();
    }
}
