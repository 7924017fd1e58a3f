package io.jenkins.plugins.gitops.runtime;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.driver.DriverLoop;
import java.util.List;
import java.util.Optional;

/** A driver with the configuration from which it was created. */
record RunningDriver(
        RepositorySettings settings,
        Optional<String> credentialsId,
        Optional<String> signingKeyId,
        List<Object> checkSourceKeys,
        DriverLoop driver) {

    /** A driver with the configuration as it is now. */
    static RunningDriver of(RepositoryDefinition configured, DriverLoop driver) {
        return new RunningDriver(
                driver.settings(),
                Optional.ofNullable(configured.getCredentialsId()),
                configured.credentials().signingKeyId(),
                configured.checkSourceKeys(),
                driver);
    }

    /** Whether a configuration is that of this driver. */
    boolean isConfiguredAs(RepositoryDefinition configured) {
        return settings.equals(configured.toSettings())
                && credentialsId.equals(Optional.ofNullable(configured.getCredentialsId()))
                && signingKeyId.equals(configured.credentials().signingKeyId())
                && checkSourceKeys.equals(configured.checkSourceKeys());
    }
}
