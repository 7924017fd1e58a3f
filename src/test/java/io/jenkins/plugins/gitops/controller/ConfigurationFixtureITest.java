package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Items;
import hudson.model.Run;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import io.jenkins.plugins.gitops.triggers.ImagesAnnouncedTrigger;
import io.jenkins.plugins.gitops.triggers.WavePromotionTrigger;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * What earlier versions have written, one folder each, is read with all its values. A file is never changed; a version
 * that writes something else adds a folder.
 */
@WithJenkins
class ConfigurationFixtureITest {

    private static String written(String version, String file) throws Exception {
        try (InputStream in = ConfigurationFixtureITest.class.getResourceAsStream("/written/" + version + "/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "1")
    void readsTheSettings(String version, JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.apply(written(version, "jenkins.yaml"));
        String wanted = Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get());
        GitOpsWavesConfiguration.get().setRepositories(List.of());
        GitOpsWavesConfiguration.get().setArgoServers(List.of());
        GitOpsWavesConfiguration.get().setRegistries(List.of());
        String name = GitOpsWavesConfiguration.class.getName() + ".xml";
        Path file = jenkins.jenkins.getRootDir().toPath().resolve(name);
        Files.writeString(file, written(version, name));

        GitOpsWavesConfiguration.get().load();

        assertThat(Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get())).isEqualTo(wanted);
        assertThat(GitOpsWavesConfiguration.get()
                        .repository("cfg-app")
                        .toSettings()
                        .waves())
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = "1")
    void readsTheTriggersOfAJob(String version, JenkinsRule jenkins) throws Exception {
        List<?> triggers = (List<?>) Items.XSTREAM2.fromXML(written(version, "triggers.xml"));

        assertThat(triggers).hasSize(2);
        assertThat((ImagesAnnouncedTrigger) triggers.get(0)).satisfies(trigger -> {
            assertThat(trigger.getRepo()).isEqualTo("cfg-app");
            assertThat(trigger.getSet()).isEqualTo("shop");
        });
        assertThat((WavePromotionTrigger) triggers.get(1)).satisfies(trigger -> {
            assertThat(trigger.getFrom()).isEqualTo("staging");
            assertThat(trigger.getTo()).isEqualTo("internal");
            assertThat(trigger.getSchedule()).isEqualTo("H 9 * * 1-4");
            assertThat(trigger.getRepo()).isEqualTo("cfg-app");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = "1")
    void readsWhyABuildWasStarted(String version, JenkinsRule jenkins) throws Exception {
        List<?> actions = (List<?>) Run.XSTREAM2.fromXML(written(version, "actions.xml"));

        assertThat((ImageAnnouncement) actions.get(0)).satisfies(announced -> {
            assertThat(announced.repository()).isEqualTo("cfg-app");
            assertThat(announced.set()).contains("shop");
            assertThat(announced.images().images()).containsOnlyKeys("Service1");
            assertThat(announced.appSha()).contains("7d1043473d55bfa90e8530d35801d4e381bc69f0");
        });
        assertThat(((CauseAction) actions.get(1)).getCauses())
                .extracting(Cause::getShortDescription)
                .satisfies(causes -> {
                    assertThat(causes.get(0)).contains("Service1", "7d1043473d", "cfg-app");
                    assertThat(causes.get(1))
                            .contains("Service1", "8e2154584e", "staging", "internal", "cfg-app", "it has soaked");
                });
    }
}
