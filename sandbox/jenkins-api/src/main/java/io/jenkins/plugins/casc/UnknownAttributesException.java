package io.jenkins.plugins.casc;

import sandbox.RealController;

public class UnknownAttributesException extends ConfiguratorException {
    private UnknownAttributesException() {
        super(null);
        throw RealController.needed();
    }
}
