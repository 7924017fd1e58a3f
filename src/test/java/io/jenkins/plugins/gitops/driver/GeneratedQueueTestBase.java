package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.EvictChange;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.generation.GenerationWorkQueue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;

/** Tests of a repository with a generator, whose builds run when a test says so. */
abstract class GeneratedQueueTestBase extends MemoryDriverTestBase {

    Driver driver;
    SimulatedGenerator generator;
    GenerationWorkQueue workQueue;

    @BeforeEach
    void openDriver() throws Exception {
        scene.byHand(SimulatedGenerator.FILE, made("main"), "Generate");
        open("driver");
    }

    void open(String name) throws GitOpsException {
        open(name, scene.generating());
    }

    void open(String name, RepositorySettings settings) throws GitOpsException {
        driver = scene.driver(name, settings);
        generator = new SimulatedGenerator(driver);
        workQueue = driver.generation().orElseThrow();
        driver.round();
    }

    AppendChange change(String order, String service, String version) {
        return new AppendChange(RepositoryScene.change(order, RepositoryScene.images(service, version)));
    }

    /** Appends a change, for which the generator works. */
    SubmittedChange append(String order, String service, String version) throws Exception {
        CompletableFuture<SubmittedChange> asked = driver.submit(change(order, service, version));
        settle();
        return asked.getNow(null);
    }

    /** Rounds and builds until nothing is wanted any more. */
    void settle() throws Exception {
        driver.round();
        while (workQueue.wantsBuild()) {
            generator.run();
            driver.round();
        }
    }

    void report(String sha, CheckState state) throws Exception {
        scene.report(driver, sha, state);
    }

    void evict(SubmittedChange change) throws Exception {
        driver.submit(new EvictChange(change.id(), "asked for"));
        driver.round();
    }

    void assertFits(String commit) {
        assertThat(scene.text(commit, SimulatedGenerator.FILE))
                .isEqualTo(made(commit).strip());
    }

    /** What the generator makes of a commit. */
    String made(String commit) {
        var inputs = new TreeMap<String, String>();
        scene.files(commit, "").stream()
                .filter(file -> !file.startsWith("generated/"))
                .forEach(file -> inputs.put(file, scene.text(commit, file) + "\n"));
        return SimulatedGenerator.text(inputs).orElseThrow();
    }
}
