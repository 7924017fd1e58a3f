package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.RealSigningKey;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A git server that takes signed commits only, as git itself verifies them. */
class SigningOverHttpTest {

    private static final String HOOK = """
            #!/bin/sh
            while read old new ref; do
                case $new in *[!0]*) ;; *) continue ;; esac
                for commit in $(git rev-list $new --not --all); do
                    git -c gpg.format=ssh -c gpg.ssh.allowedSignersFile=%s verify-commit $commit 2>/dev/null || {
                        echo "$ref: commit $commit is not signed" >&2
                        exit 1
                    }
                done
            done
            """;

    @TempDir
    Path root;

    private GitHttpServer server;
    private RepositoryScene scene;
    private RealSigningKey key;

    @BeforeEach
    void begin() throws Exception {
        server = GitHttpServer.start(root, "bot", "secret");
        scene = RepositoryScene.served(root, server, "secret");
        key = RealSigningKey.ssh(root.resolve("keys"), "ed25519", null);
        Path hook = Files.writeString(
                Files.createDirectories(scene.remote.resolve("hooks")).resolve("pre-receive"),
                HOOK.formatted(root.resolve("keys").resolve("allowed")));
        assertThat(hook.toFile().setExecutable(true)).isTrue();
    }

    @AfterEach
    void end() {
        scene.close();
        server.close();
    }

    private Driver driver(String name, CommitSigner signer) throws Exception {
        var login = new UsernamePasswordCredentialsProvider("bot", "secret");
        RepositorySettings settings = scene.settings();
        return scene.driver(name, settings, new CredentialsSource() {
            @Override
            public CredentialsProvider get() {
                return login;
            }

            @Override
            public CommitSigner signer() {
                return signer;
            }
        });
    }

    @Test
    void takesEverythingThatASigningDriverPushes() throws Exception {
        Driver driver = driver("jenkins", key.signer());
        driver.round();
        SubmittedChange merged = scene.announce(driver, "app#1", "Web", "1");
        scene.announce(driver, "app#2", "Web", "2");
        scene.report(driver, merged.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofMinutes(11));
        driver.round();
        String replayed = scene.auto();
        scene.report(driver, replayed, CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(replayed).isNotEqualTo(merged.sha());
        assertThat(scene.state(merged.id())).contains("evicted");
    }

    @Test
    void takesNothingThatIsNotSigned() throws Exception {
        Driver driver = driver("jenkins", CommitSigner.NONE);
        String failure = "";
        try {
            driver.round();
            scene.announce(driver, "app#1", "Web", "1");
        } catch (Exception | AssertionError e) {
            failure = String.valueOf(e.getMessage());
        }

        assertThat(failure).isNotEmpty();
        assertThat(scene.refExists("refs/heads/auto") ? scene.auto() : scene.main())
                .isEqualTo(scene.main());
    }
}
