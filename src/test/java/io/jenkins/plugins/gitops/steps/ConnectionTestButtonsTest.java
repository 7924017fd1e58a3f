package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.util.FormValidation;
import hudson.util.FormValidation.Kind;
import io.jenkins.plugins.gitops.configuration.ArgoCdServerDefinition;
import io.jenkins.plugins.gitops.configuration.RegistryDefinition;
import io.jenkins.plugins.gitops.configuration.RepositoryDescriptor;
import io.jenkins.plugins.gitops.configuration.WaveDescriptor;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The buttons of the form that test connections. */
@Tag("sandbox")
class ConnectionTestButtonsTest {

    private static final String PASSWORD = "a-long-password";

    @TempDir
    private Path folder;

    private GitHttpServer server;
    private ConfigRepoFixture repository;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Jenkins.getInstanceOrNull() != null, "runs on the Jenkins types of the sandbox");
        server = GitHttpServer.start(Files.createDirectories(folder.resolve("git")), "bot", PASSWORD);
        repository = new ConfigRepoFixture(server.create("cfg-app", "master"));
        TestCredentials.add("git", "bot", PASSWORD);
        TestCredentials.add("wrong", "bot", "another-long-password");
    }

    @AfterEach
    void close() {
        if (server != null) {
            new DriverRegistry.Lifecycle().onBeforeShutdown();
            server.close();
        }
    }

    private FormValidation git(String credentialsId, String mainBranch) throws Exception {
        return new RepositoryDescriptor()
                .doTestConnection("", server.url("cfg-app"), true, credentialsId, mainBranch, "", "");
    }

    private String refs() {
        return GitCli.run(repository.bare(), "for-each-ref");
    }

    @Test
    void saysWhereMainIsAndWhatMayBePushedAndChangesNothing() throws Exception {
        String before = refs();
        assertThat(git("git", "master"))
                .hasMessageContaining("master is at " + repository.tip("master").substring(0, 10))
                .hasMessageContainingAll("atomic", "refs/heads/auto (to be made)")
                .satisfies(said -> assertThat(said.kind).isEqualTo(Kind.OK));
        assertThat(refs()).isEqualTo(before);
        assertThat(server.pushes()).as("asked, not guessed").isPositive();

        GitCli.run(repository.bare(), "update-ref", "refs/heads/auto", repository.tip("master"));
        GitCli.run(repository.bare(), "update-ref", "refs/gitops-waves/master/state", repository.tip("master"));
        before = refs();
        assertThat(git("git", "master"))
                .hasMessageContaining("refs/heads/auto, refs/gitops-waves/master/state.")
                .satisfies(said -> assertThat(said.kind).isEqualTo(Kind.OK));
        assertThat(refs()).isEqualTo(before);
    }

    @Test
    void takesAServerThatIsJGitAsOne() throws Exception {
        String before = refs();

        assertThat(new RepositoryDescriptor()
                        .doTestConnection("", repository.bare().toUri().toString(), true, "git", "master", "", ""))
                .hasMessageContainingAll("master is at", "refs/heads/auto (to be made)")
                .satisfies(said -> assertThat(said.kind).isEqualTo(Kind.OK));
        assertThat(refs()).isEqualTo(before);
    }

    @Test
    void namesWhatTheServerWouldNotLetBeWritten() throws Exception {
        Path hook = Files.writeString(
                repository.bare().resolve("hooks/update"),
                "#!/bin/sh\nif [ \"$1\" = refs/heads/master ]; then echo protected by hunter2 >&2; exit 1; fi\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        String before = refs();

        assertThat(git("git", "master"))
                .hasMessageContaining("would not let these be written: refs/heads/master.")
                .hasMessageNotContaining("hunter2")
                .satisfies(said -> assertThat(said.kind).isEqualTo(Kind.WARNING));
        assertThat(refs()).isEqualTo(before);
    }

    @Test
    void failsInOneSentenceWhateverIsWrongOutThere() throws Exception {
        assertFailed(git("wrong", "master"), "refused access: check the user and the password");
        server.offerAtomicPushes("cfg-app", false);
        assertFailed(git("git", "master"), "has no atomic pushes");
        server.close();
        assertFailed(git("git", "master"), "nothing answers at its address");
    }

    /** Administrators are told what the other side says, as a waiting build is; ConfigurationITest tests the others. */
    private static void assertFailed(FormValidation test, String reason) {
        assertThat(test)
                .hasMessageStartingWith("The test did not succeed: ")
                .hasMessageContaining(reason)
                .hasMessageNotContaining(PASSWORD)
                .satisfies(said -> assertThat(said.kind).isEqualTo(Kind.ERROR));
    }

    @Test
    void namesARepositoryOfAKindThatCannotBeUsed() throws Exception {
        GitCli.run(folder, "init", "-q", "--bare", "--object-format=sha256", "-b", "master", "git/sha256");

        assertThat(new RepositoryDescriptor().doTestConnection("", server.url("sha256"), true, "git", "master", "", ""))
                .hasMessageContaining("names its objects by SHA-256")
                .satisfies(said -> assertThat(said.kind).isEqualTo(Kind.ERROR));
    }

    @Test
    void saysWhatIsWrongHereWithoutAsking() throws Exception {
        assertThat(git("git", "main")).hasMessageContaining("has no branch main");
        int asked = server.requests();

        assertThat(git("gone", "master")).hasMessageContaining("\"gone\"");
        assertThat(git("git", "a..b")).hasMessageContaining("mainBranch");
        assertThat(new RepositoryDescriptor()
                        .doTestConnection("", server.url("cfg-app"), false, "git", "master", "", ""))
                .hasMessageContaining("allowInsecure");
        assertThat(server.requests()).isEqualTo(asked);
    }

    @Test
    void saysWhichApplicationsThereAreAndWhichAWaveTakes() throws Exception {
        try (ArgoCdFixture argo =
                new ArgoCdFixture(Files.createDirectories(folder.resolve("argocd")), repository.url())) {
            argo.configure(repository.definition());
            var servers = new ArgoCdServerDefinition.DescriptorImpl();

            assertThat(servers.doTestConnection("main", argo.server.url(), "argo-token", "", true))
                    .hasMessageContainingAll(
                            "3 applications",
                            "cfg-app, staging: 2 (argocd/staging-1, argocd/staging-2)",
                            "cfg-app, internal: 1 (argocd/internal-1)");
            TestCredentials.addSecret("other-token", "not-a-token");
            assertThat(servers.doTestConnection("main", argo.server.url(), "other-token", "", true))
                    .hasMessageContaining("did not succeed")
                    .hasMessageNotContaining("not-a-token");

            var waves = new WaveDescriptor();
            assertThat(waves.doShowTargets("main", "", "wave=internal")).hasMessage("1 (argocd/internal-1)");
            assertThat(waves.doShowTargets("main", "nothing-*", ""))
                    .hasMessage("no application")
                    .satisfies(said -> assertThat(said.kind).isEqualTo(Kind.WARNING));
            assertThat(waves.doShowTargets("other", "a", "")).hasMessageContaining("no Argo CD server \"other\"");
            assertThat(waves.doShowTargets("main", "", "")).hasMessageContaining("name them in applications");
            assertThat(waves.doShowTargets("main", "", "wave in (")).hasMessageContaining("cannot be read");
        }
    }

    @Test
    void doesNotTakeArgoCdForAnImageRegistry() throws Exception {
        try (ArgoCdFixture argo =
                new ArgoCdFixture(Files.createDirectories(folder.resolve("argocd")), repository.url())) {
            var registries = new RegistryDefinition.DescriptorImpl();

            assertThat(registries.doTestConnection(argo.server.url(), "", true))
                    .hasMessageContaining("did not succeed");
            assertThat(registries.doTestConnection(argo.server.url(), "", false))
                    .hasMessageContaining("allowInsecure");
        }
    }
}
