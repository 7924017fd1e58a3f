package io.jenkins.plugins.gitops.steps.failures;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.AbortException;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import org.junit.jupiter.api.Test;

class ConfigConflictConditionTest {

    private final ConfigConflictCondition condition = new ConfigConflictCondition();

    @Test
    void holdsForAConflictHoweverItIsWrapped() {
        var conflict = new ConfigConflict("it conflicts with main in a.yaml");

        assertThat(condition.test(conflict, null)).isTrue();
        assertThat(condition.test(new AbortException("a sentence").initCause(conflict), null))
                .isTrue();
    }

    @Test
    void holdsForNothingElse() {
        assertThat(condition.test(new AbortException("a check failed"), null)).isFalse();
    }
}
