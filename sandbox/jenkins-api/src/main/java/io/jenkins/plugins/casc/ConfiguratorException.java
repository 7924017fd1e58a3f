package io.jenkins.plugins.casc;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import sandbox.RealController;

public class ConfiguratorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfiguratorException(@CheckForNull String message) {
        throw RealController.needed();
    }

    public List<String> getValidAttributes() {
        throw RealController.needed();
    }

    @CheckForNull
    public String getInvalidAttribute() {
        throw RealController.needed();
    }
}
