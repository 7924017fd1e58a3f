package io.jenkins.plugins.gitops.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.when;

import hudson.model.Job;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;

/** Jobs of a generator that are not as they should be. */
class QueueingGeneratorStarterTest {

    private final Job<?, ?> job = mock();
    private final RepositoryDefinition repository =
            new RepositoryDefinition("cfg-app", "https://git.example.com/acme/cfg-app.git");
    private MockedStatic<VisibleItems> items;

    @BeforeEach
    void begin() {
        items = mockStatic(VisibleItems.class);
        items.when(() -> VisibleItems.findAsController("acme/generate", Job.class))
                .thenReturn(Optional.of(job));
        when(job.getFullName()).thenReturn("acme/generate");
        repository.setAllJobs(true);
    }

    @AfterEach
    void end() {
        items.close();
    }

    private void assertRefused(String... words) {
        assertThatThrownBy(() -> new QueueingGeneratorStarter().start(repository, "acme/generate"))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void aJobThatIsMissingIsNamedWithTheRemedy() {
        items.when(() -> VisibleItems.findAsController("acme/generate", Job.class))
                .thenReturn(Optional.empty());

        assertRefused("There is no job \"acme/generate\"", "an administrator creates it", "cfg-app");
    }

    @Test
    void aJobThatIsDisabledIsNamedWithTheRemedy() {
        when(job.isBuildable()).thenReturn(false);

        assertRefused("\"acme/generate\"", "cfg-app", "is disabled; enable it.");
    }

    @Test
    void aJobThatIsNotAllowedIsNamedWithTheRemedy() {
        repository.setAllJobs(false);
        repository.setAllowedJobs(List.of("acme/app"));

        assertRefused("\"acme/generate\" may not use the config repository \"cfg-app\"", "allowedJobs");
    }
}
