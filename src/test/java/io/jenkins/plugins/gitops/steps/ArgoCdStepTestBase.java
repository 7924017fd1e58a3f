package io.jenkins.plugins.gitops.steps;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of steps that follow Argo CD, beginning with a build whose change to staging is on main. */
abstract class ArgoCdStepTestBase extends DeliveryStepTestBase {

    ArgoCdFixture argo;
    TestRun run;

    /** Argo CD is asked to look again at most every few seconds. */
    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    @BeforeEach
    void deliver() throws Exception {
        argo = new ArgoCdFixture(folder.resolve("argocd"), repository.url());
        argo.configure(repository.definition());
        run = delivered("app", "Service1", ConfigRepoFixture.DIGEST);
    }

    @AfterEach
    void close() {
        argo.close();
    }

    /** A build whose change to staging is on main. */
    TestRun delivered(String job, String service, String digest) throws Exception {
        TestRun build = committed(job, service, digest);
        merge(build);
        return build;
    }
}
