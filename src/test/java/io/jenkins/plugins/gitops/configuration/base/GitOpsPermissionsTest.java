package io.jenkins.plugins.gitops.configuration.base;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.init.InitMilestone;
import hudson.init.Initializer;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GitOpsPermissionsTest {

    @Test
    void areKnownBeforeAnyoneIsGrantedThemAsCode() {
        assertThat(Arrays.stream(GitOpsPermissions.class.getMethods())
                        .map(method -> method.getAnnotation(Initializer.class))
                        .filter(Objects::nonNull))
                .singleElement()
                .satisfies(when -> {
                    assertThat(when.after()).isEqualTo(InitMilestone.PLUGINS_STARTED);
                    assertThat(when.before()).isLessThanOrEqualTo(InitMilestone.SYSTEM_CONFIG_LOADED);
                });
    }
}
