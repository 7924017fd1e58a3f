package io.jenkins.plugins.gitops.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.delivery.HookHealth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HookMonitorTest {

    private static final Logger LOGGER = Logger.getLogger(HookMonitor.class.getName());

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final HookMonitor hooks =
            new HookMonitor(() -> Clock.fixed(now, ZoneOffset.UTC), (repository, source) -> {});
    private final List<String> warnings = new ArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord message) {
            warnings.add(message.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOGGER.addHandler(listener);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.removeHandler(listener);
    }

    private void pass(int seconds) {
        now = now.plus(Duration.ofSeconds(seconds));
    }

    @Test
    void remembersWhenEachSourceSentLast() {
        hooks.delivered("cfg-app", "github");
        pass(5);
        hooks.delivered("cfg-app", "argocd");
        hooks.delivered("cfg-app", "github");

        assertThat(hooks.healthOf("cfg-app"))
                .containsExactly(
                        new HookHealth("argocd", Optional.of(now), 0), new HookHealth("github", Optional.of(now), 0));
        assertThat(hooks.healthOf("other")).isEmpty();
    }

    @Test
    void countsWhatWasFoundAndNotToldOf() {
        hooks.changeFound("cfg-app", List.of("github"));
        assertThat(hooks.healthOf("cfg-app"))
                .as("it may yet be told of")
                .containsExactly(new HookHealth("github", Optional.empty(), 0));

        pass(31);

        assertThat(hooks.healthOf("cfg-app")).containsExactly(new HookHealth("github", Optional.empty(), 1));
    }

    @Test
    void whatIsToldOfALittleLateIsNotMissed() {
        hooks.changeFound("cfg-app", List.of("github"));
        pass(20);
        hooks.delivered("cfg-app", "github");
        pass(60);

        assertThat(hooks.healthOf("cfg-app")).singleElement().returns(0, HookHealth::missed);
    }

    @Test
    void saysOnceThatAHookIsBroken() {
        for (int i = 0; i < 5; i++) {
            hooks.changeFound("cfg-app", List.of("github"));
            pass(60);
            hooks.healthOf("cfg-app");
            assertThat(warnings).hasSize(i < 2 ? 0 : 1);
        }

        assertThat(warnings.get(0)).contains("github", "cfg-app", "3");
    }
}
