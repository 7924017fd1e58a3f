package io.jenkins.plugins.gitops.world;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a simulated Argo CD with a repository and a clock. */
abstract class ArgoCdTestBase {

    @TempDir
    Path folder;

    ArgoCdTestBed bed;

    @BeforeEach
    final void start() throws IOException {
        bed = new ArgoCdTestBed(folder);
    }

    @AfterEach
    final void stop() {
        bed.close();
    }
}
