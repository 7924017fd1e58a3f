package io.jenkins.plugins.gitops.driver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of what drivers decide, on a repository in memory. */
abstract class MemoryDriverTestBase {

    RepositoryScene scene;

    @BeforeEach
    void openScene() {
        scene = makeScene();
    }

    RepositoryScene makeScene() {
        return RepositoryScene.inMemory();
    }

    @AfterEach
    void closeScene() {
        scene.close();
    }
}
