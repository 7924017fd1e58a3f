package io.jenkins.plugins.gitops.git;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jgit.lib.ProgressMonitor;
import org.junit.jupiter.api.Test;

class FetchProgressTest {

    @Test
    void saysHowFarTheWorkIs() {
        var progress = new FetchProgress();
        assertThat(progress).hasToString("");

        progress.beginTask("Counting objects", ProgressMonitor.UNKNOWN);
        progress.update(7);
        assertThat(progress).hasToString("Counting objects: 7");

        progress.beginTask("Receiving objects", 200);
        assertThat(progress).hasToString("Receiving objects: 0 %");
        progress.update(80);
        progress.update(1);
        assertThat(progress).hasToString("Receiving objects: 40 %");
    }
}
