package io.jenkins.plugins.casc;

import sandbox.RealController;

public class UnknownAttributesException extends ConfiguratorException {
    private static final long serialVersionUID = 1L;

    private UnknownAttributesException() {
        super(null);
        throw RealController.needed();
    }
}
