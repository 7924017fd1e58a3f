package io.jenkins.plugins.gitops.runtime;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.repository.NotificationDefinition;
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
        List<Object> notificationKeys,
        DriverLoop driver) {

    /** A driver with the configuration as it is now. */
    static RunningDriver of(RepositoryDefinition configured, DriverLoop driver) {
        return new RunningDriver(
                driver.settings(),
                Optional.ofNullable(configured.getCredentialsId()),
                configured.credentials().signingKeyId(),
                configured.checkSourceKeys(),
                notificationKeys(configured),
                driver);
    }

    private static List<Object> notificationKeys(RepositoryDefinition configured) {
        return List.copyOf(configured.getNotifications().stream()
                .map(NotificationDefinition::identity)
                .toList());
    }

    /** Whether a configuration is that of this driver. */
    boolean isConfiguredAs(RepositoryDefinition configured) {
        return settings.equals(configured.toSettings())
                && credentialsId.equals(Optional.ofNullable(configured.getCredentialsId()))
                && signingKeyId.equals(configured.credentials().signingKeyId())
                && notificationKeys.equals(notificationKeys(configured))
                && checkSourceKeys.equals(configured.checkSourceKeys());
    }
}
