package io.jenkins.plugins.gitops.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.generation.GeneratorSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeneratorDefinitionTest {

    private final RepositoryDefinition repository = repository();

    private static RepositoryDefinition repository() {
        var repository = new RepositoryDefinition("cfg-app", "https://git.example.com/cfg-app.git");
        repository.setAllJobs(true);
        repository.setMergeWithoutChecks(true);
        repository.setGeneratedPaths(List.of("generated/**"));
        repository.setGenerator(new GeneratorDefinition("acme/generate"));
        return repository;
    }

    @Test
    void hasATimeoutWhereNoneIsGiven() {
        assertThat(repository.toSettings().generator())
                .contains(new GeneratorSettings("acme/generate", Duration.ofMinutes(15)));
    }

    @Test
    void needsAJob() {
        repository.setGenerator(new GeneratorDefinition(" "));

        assertThatThrownBy(repository::toSettings).hasMessageContaining("cfg-app: generator names no job");
    }

    @Test
    void needsATimeoutThatIsADuration() {
        repository.getGenerator().setTimeout("soon");

        assertThatThrownBy(repository::toSettings).hasMessageContaining("cfg-app: generator cannot be used");
    }

    @Test
    void needsATimeoutAboveNothing() {
        repository.getGenerator().setTimeout("0s");

        assertThatThrownBy(repository::toSettings).hasMessageContaining("generator");
    }

    @Test
    void needsPathsToGenerateInto() {
        repository.setGeneratedPaths(List.of());

        assertThatThrownBy(repository::toSettings)
                .hasMessageContaining("generatedPaths is empty, so the generator could make nothing");
    }

    @Test
    void mayNotMakeImageFiles() {
        repository.setGeneratedPaths(List.of("generated/**", "images/staging/*.json"));

        assertThatThrownBy(repository::toSettings)
                .hasMessageContaining("generatedPaths covers the image file images/staging/tags.json");
    }

    /** A wave that runs nothing yet would have what the generator has made. */
    @Test
    void mayNotMakeImageFilesOfAnotherLayout() {
        repository.setGeneratedPaths(List.of("images/production/images.json"));

        assertThatThrownBy(repository::toSettings)
                .hasMessageContaining("generatedPaths covers the image file images/production/images.json");
    }

    @Test
    void mayNotMakeImageFilesOfANamedSet() {
        repository.setImageSets(List.of("shop", "blog"));
        repository.setGeneratedPaths(List.of("images/*/blog/**"));

        assertThatThrownBy(repository::toSettings)
                .hasMessageContaining("generatedPaths covers the image file images/staging/blog/tags.json");
    }
}
