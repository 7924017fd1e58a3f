package io.jenkins.plugins.casc;

import java.util.List;
import sandbox.RealController;

public class ConfiguratorException extends RuntimeException {
    public ConfiguratorException(String message) {
        throw RealController.needed();
    }

    public List<String> getValidAttributes() {
        throw RealController.needed();
    }

    public String getInvalidAttribute() {
        throw RealController.needed();
    }
}
