package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RepairState;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.RealSigningKey;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commits that are signed, and commits that count only if they are; git itself verifies them. */
class SigningTest extends DriverTestBase {

    private static final String STATE = RefNames.defaultState("main");

    private static CredentialsSource signing(CommitSigner signer) {
        return new CredentialsSource() {
            @Override
            public CredentialsProvider get() {
                return null;
            }

            @Override
            public CommitSigner signer() {
                return signer;
            }
        };
    }

    private RealSigningKey key(String kind, String type, String subkey, String passphrase) throws Exception {
        return kind.equals("ssh")
                ? RealSigningKey.ssh(root.resolve("keys"), type, passphrase)
                : RealSigningKey.openPgp(root.resolve("keys"), type, subkey, passphrase);
    }

    private boolean isGood(RealSigningKey key, String commit) {
        var command = new ArrayList<>(key.configuration());
        command.addAll(List.of("verify-commit", commit));
        return GitCli.succeeds(scene.remote, command.toArray(String[]::new));
    }

    private String signatures(RealSigningKey key, String range) {
        var command = new ArrayList<>(key.configuration());
        command.addAll(List.of("log", "--format=%G?", range));
        return scene.git(command.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "ssh,ed25519,,",
        "ssh,ed25519,,opens it",
        "ssh,ecdsa,,",
        "ssh,rsa,,",
        "gpg,rsa3072,,",
        "gpg,ed25519,ed25519,opens it",
    })
    void gitFindsEverySignatureGood(String kind, String type, String subkey, String passphrase) throws Exception {
        RealSigningKey key = key(kind, type, subkey, passphrase);
        Driver driver = scene.driver("jenkins", scene.settings(), signing(key.signer()));
        driver.round();
        SubmittedChange first = scene.announce(driver, "app#1", "Web", "1");
        scene.announce(driver, "app#2", "Web", "2");
        String auto = scene.auto();

        assertThat(signatures(key, "main..auto").lines()).hasSize(2).containsOnly("G");

        scene.byHand("README.md", "Changed\n", "Change by hand");
        driver.round();

        assertThat(scene.auto()).as("replayed").isNotEqualTo(auto);
        assertThat(signatures(key, "main..auto").lines()).hasSize(2).containsOnly("G");

        scene.report(driver, scene.queue().get(0), CheckState.SUCCESS);
        scene.report(driver, scene.auto(), CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(scene.auto());
        assertThat(scene.state(first.id())).contains("merged");
        assertThat(isGood(key, scene.main())).isTrue();
        assertThat(isGood(key, "main~2")).as("the commit by hand").isFalse();
        assertThat(signatures(key, STATE).lines()).isNotEmpty().containsOnly("G");
        assertThat(signatures(key, RefNames.NOTES).lines()).isNotEmpty().containsOnly("G");
    }

    @Test
    void withoutItsKeyNothingIsPushed() throws Exception {
        RealSigningKey key = key("ssh", "ed25519", null, null);
        var missing = new CredentialsSource() {
            private boolean there = true;

            @Override
            public CredentialsProvider get() {
                return null;
            }

            @Override
            public CommitSigner signer() throws RepoUnavailable {
                if (!there) {
                    throw new RepoMisconfigured("The signing key is missing.");
                }
                return key.signer();
            }
        };
        Driver driver = scene.driver("jenkins", scene.settings(), missing);
        driver.round();
        SubmittedChange change = scene.announce(driver, "app#1", "Web", "1");
        String refs = scene.git("for-each-ref");
        missing.there = false;

        assertThatThrownBy(() -> scene.report(driver, change.sha(), CheckState.SUCCESS))
                .isInstanceOf(RepoMisconfigured.class)
                .hasMessage("The signing key is missing.");
        assertThat(scene.git("for-each-ref")).isEqualTo(refs);

        missing.there = true;
        scene.report(driver, change.sha(), CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(change.sha());
    }

    @Test
    void withAKeyThatHasExpiredNothingIsPushed() throws Exception {
        CommitSigner key = key("ssh", "ed25519", null, null).signer();
        CommitSigner expired = new CommitSigner() {
            @Override
            public Optional<String> sign(byte[] content, Instant at) {
                return key.sign(content, at);
            }

            @Override
            public Optional<String> publicKey() {
                return key.publicKey();
            }

            @Override
            public Optional<Instant> validUntil() {
                return Optional.of(Instant.parse("2021-01-01T00:00:00Z"));
            }
        };
        Driver driver = scene.driver("jenkins", scene.settings(), signing(expired));
        String refs = scene.git("for-each-ref");

        assertThatThrownBy(driver::round)
                .isInstanceOf(RepoMisconfigured.class)
                .hasMessageContaining("the signing key has expired on 2021-01-01");
        assertThat(scene.git("for-each-ref")).isEqualTo(refs);
    }

    private String byHandSigned(RealSigningKey key, String file) throws Exception {
        GitCli.run(scene.checkout(), "fetch", "-q", "origin");
        GitCli.run(scene.checkout(), "checkout", "-q", "--detach", "origin/auto");
        Files.writeString(scene.checkout().resolve(file), "by hand\n");
        GitCli.run(scene.checkout(), "add", "-A");
        GitCli.run(
                scene.checkout(),
                "-c",
                "gpg.format=ssh",
                "-c",
                "user.signingKey=" + root.resolve("person").resolve("key"),
                "commit",
                "-q",
                "-S",
                "-m",
                "Signed by hand");
        GitCli.run(scene.checkout(), "push", "-q", "origin", "HEAD:refs/heads/auto");
        return GitCli.run(scene.checkout(), "rev-parse", "HEAD").strip();
    }

    @Test
    void onlyCommitsOfTrustedSignersAreMerged() throws Exception {
        RealSigningKey own = key("ssh", "ed25519", null, null);
        RealSigningKey person = RealSigningKey.ssh(root.resolve("person"), "ed25519", null);
        Driver driver = scene.driver("jenkins", scene.trusting(person.publicKey()), signing(own.signer()));
        driver.round();
        SubmittedChange change = scene.announce(driver, "app#1", "Web", "1");
        String signed = byHandSigned(person, "signed.txt");
        driver.round();

        assertThat(scene.queue()).containsExactly(change.sha(), signed);

        String unsigned = scene.byHand("auto", "unsigned.txt", "by hand\n", "By hand");
        driver.round();

        assertThat(scene.queue()).containsExactly(change.sha(), signed);
        assertThat(scene.state(unsigned))
                .contains("evicted", "untrusted")
                .contains("commit " + unsigned + " by Ada <ada@example.com> is not signed");

        scene.report(driver, signed, CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(signed);
    }

    @Test
    void anUntrustedCommitIsNotSignedByAReplay() throws Exception {
        RealSigningKey own = key("ssh", "ed25519", null, null);
        RealSigningKey person = RealSigningKey.ssh(root.resolve("person"), "ed25519", null);
        Driver driver = scene.driver("jenkins", scene.trusting(person.publicKey()), signing(own.signer()));
        driver.round();
        scene.announce(driver, "app#1", "Web", "1");
        // Trailers make nobody trusted: this looks like a change of the plugin.
        String message = scene.git("log", "-1", "--format=%B", "auto")
                .replaceFirst("Autocommit-Id: \\S+", "Autocommit-Id: 00000000-0000-4000-8000-000000000001");
        String forged = scene.byHand("auto", "images/staging/tags.json", "{}\n", message);
        scene.byHand("README.md", "Changed\n", "Change by hand");
        driver.round();

        assertThat(scene.queue()).hasSize(1);
        assertThat(scene.git("for-each-ref", "--format=%(objectname)", "refs/gitops-waves/main/evicted"))
                .isEqualTo(forged);
        assertThat(signatures(own, "main..auto")).isEqualTo("G");
    }

    @Test
    void aStateOfSomebodyElseStopsTheDriverUntilItIsRepaired() throws Exception {
        RealSigningKey own = key("ssh", "ed25519", null, null);
        RealSigningKey person = RealSigningKey.ssh(root.resolve("person"), "ed25519", null);
        Driver driver = scene.driver("jenkins", scene.trusting(person.publicKey()), signing(own.signer()));
        driver.round();
        SubmittedChange change = scene.announce(driver, "app#1", "Web", "1");
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        String trusted = scene.git("rev-parse", STATE);
        String tree = scene.git("rev-parse", STATE + "^{tree}");
        String empty = GitCli.run(Map.of(), "", scene.remote, "mktree").strip();
        String forged = scene.git("commit-tree", "-p", trusted, "-m", "Nothing was ever rejected", empty);
        scene.git("update-ref", STATE, forged);

        assertThatThrownBy(driver::round)
                .isInstanceOf(RepoMisconfigured.class)
                .hasMessageContaining("commit " + forged + " by Ada <ada@example.com> is not signed")
                .hasMessageContaining("Repair state");
        assertThat(scene.git("rev-parse", STATE)).isEqualTo(forged);

        List<String> repaired = scene.answer(driver, new RepairState("admin"));

        assertThat(repaired).singleElement().asString().contains("the state is again as in " + trusted);
        assertThat(scene.git("rev-parse", STATE + "^{tree}")).isEqualTo(tree);
        assertThat(isGood(own, STATE)).isTrue();
    }

    @Test
    void aStateFromBeforeThereWereSignersIsAcceptedByARepair() throws Exception {
        Driver before = scene.driver("before");
        before.round();
        SubmittedChange change = scene.announce(before, "app#1", "Web", "1");
        scene.report(before, change.sha(), CheckState.SUCCESS);
        String tree = scene.git("rev-parse", STATE + "^{tree}");
        RealSigningKey own = key("ssh", "ed25519", null, null);
        Driver driver = scene.driver("jenkins", scene.trusting(own.publicKey()), signing(own.signer()));

        assertThatThrownBy(driver::round).hasMessageContaining("is not signed");

        List<String> repaired = scene.answer(driver, new RepairState("admin"));

        assertThat(repaired).singleElement().asString().contains("is accepted as it is");
        assertThat(scene.git("rev-parse", STATE + "^{tree}")).isEqualTo(tree);
        driver.round();
    }

    @Test
    void aReportOfSomebodyElseCountsForNothing() throws Exception {
        RealSigningKey own = key("ssh", "ed25519", null, null);
        Driver driver = scene.driver("jenkins", scene.trusting(own.publicKey()), signing(own.signer()));
        driver.round();
        SubmittedChange change = scene.announce(driver, "app#1", "Web", "1");
        scene.report(driver, change.sha(), CheckState.PENDING);
        String ref = RefNames.defaultState("main").replace("/state", "/checks/") + change.sha();
        String checks = scene.git("show", ref + ":checks.json").replace("pending", "success");
        String blob = GitCli.run(Map.of(), checks, scene.remote, "hash-object", "-w", "--stdin")
                .strip();
        String tree = GitCli.run(Map.of(), "100644 blob " + blob + "\tchecks.json\n", scene.remote, "mktree")
                .strip();
        String main = scene.main();
        scene.git("update-ref", ref, scene.git("commit-tree", "-m", "Reported checks", tree));
        driver.round();

        assertThat(scene.main()).isEqualTo(main);
    }
}
