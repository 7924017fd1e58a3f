package io.jenkins.plugins.casc;

import sandbox.RealController;

public class ConfigurationContext {
    private ConfigurationContext() {}

    public SecretSourceResolver getSecretSourceResolver() {
        throw RealController.needed();
    }
}
