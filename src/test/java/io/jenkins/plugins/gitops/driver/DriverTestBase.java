package io.jenkins.plugins.gitops.driver;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of drivers on a real repository, which is made in a temporary folder before each test. */
abstract class DriverTestBase {

    @TempDir
    Path root;

    RepositoryScene scene;

    @BeforeEach
    void openScene() {
        scene = RepositoryScene.onDisk(root);
    }

    @AfterEach
    void closeScene() {
        scene.close();
    }
}
