package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import hudson.AbortException;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitConfigBodyTest extends DeliveryStepTestBase {

    private Path checkout;
    private Path workspace;

    @BeforeEach
    void configureBody() throws Exception {
        RepositoryDefinition configured = repository.definition();
        configured.setGeneratedPaths(List.of("generated/**"));
        steps.configure(configured);
        workspace = Files.createDirectory(folder.resolve("workspace"));
        steps.in(workspace.toFile());
        checkout = folder.resolve("checkout");
        GitCli.run(folder, "clone", "-q", repository.url(), checkout.toString());
        write(checkout.resolve("generated/.gitignore"), "*.tmp\n");
        write(checkout.resolve("generated/all.yaml"), "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\n");
        write(checkout.resolve("generated/old.yaml"), "old\n");
        write(checkout.resolve("generated/deep/moved.yaml"), "a file that moves\n");
        write(checkout.resolve("generated/run.sh"), "#!/bin/sh\n");
        write(checkout.resolve("src/main.jsonnet"), "{}\n");
        push("Begin with files");
    }

    private static void write(Path file, String content) throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void push(String subject) {
        GitCli.run(checkout, "add", "-A");
        GitCli.run(checkout, "commit", "-q", "-m", subject);
        GitCli.run(checkout, "push", "-q", "origin", "HEAD:refs/heads/master");
    }

    private static Map<String, Object> toStaging(Object... more) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("wave", "staging");
        arguments.put("images", ConfigRepoFixture.images("Service1", ConfigRepoFixture.DIGEST));
        for (int i = 0; i < more.length; i += 2) {
            arguments.put((String) more[i], more[i + 1]);
        }
        return arguments;
    }

    private StepHarness.Started start(TestStepContext.Body body, Object... more) throws Exception {
        return steps.body(body).start(steps.build("app"), "commitConfig", toStaging(more));
    }

    private List<String> changed() {
        return GitCli.run(checkout, "ls-remote", "origin", "refs/heads/auto").isEmpty()
                ? List.of()
                : GitCli.run(repository.bare(), "diff", "--raw", "--no-renames", "--abbrev=1", "master", "auto")
                        .lines()
                        .map(line -> line.replaceAll(":(\\d+) (\\d+) \\S+ \\S+ (\\w)\\s+", "$3 $2 "))
                        .toList();
    }

    @Test
    void commitsWhatTheBodyMadeWithTheImagesInOneCommit() throws Exception {
        var commit = start(cfg -> {
            assertThat(cfg).isEqualTo(workspace.resolve("cfg"));
            assertThat(cfg.resolve("images/staging/digests.json")).content().contains(ConfigRepoFixture.DIGEST);
            assertThat(cfg.resolve("src/main.jsonnet")).hasContent("{}");
            assertThat(cfg.resolve(".git")).doesNotExist();
            write(cfg.resolve("generated/new.yaml"), "new\n");
            write(cfg.resolve("generated/all.yaml"), "a: 2\nb: 1\nc: 1\nd: 1\ne: 1\n");
            Files.delete(cfg.resolve("generated/old.yaml"));
            Files.createDirectories(cfg.resolve("generated/elsewhere"));
            Files.move(cfg.resolve("generated/deep/moved.yaml"), cfg.resolve("generated/elsewhere/moved.yaml"));
            Files.setPosixFilePermissions(
                    cfg.resolve("generated/run.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.createSymbolicLink(cfg.resolve("generated/link"), Path.of("elsewhere/moved.yaml"));
            write(cfg.resolve("generated/deep/ignored.tmp"), "ignored\n");
            write(cfg.resolve("generated/.git/config"), "never\n");
            write(cfg.resolve("src/main.jsonnet"), "not within bodyPaths\n");
            write(cfg.resolve("images/staging/digests.json"), "{}");
            return null;
        });

        assertThat(commit.result()).contains(entry("changed", true), entry("sha", repository.tip("auto")));
        assertThat(commit.log()).contains("Not committed, since it is not in generated/**: src/main.jsonnet\n");
        assertThat(repository.queued()).isOne();
        assertThat(changed())
                .containsExactlyInAnyOrder(
                        "M 100644 generated/all.yaml",
                        "D 000000 generated/deep/moved.yaml",
                        "A 100644 generated/elsewhere/moved.yaml",
                        "A 120000 generated/link",
                        "A 100644 generated/new.yaml",
                        "D 000000 generated/old.yaml",
                        "M 100755 generated/run.sh",
                        "A 100644 images/staging/digests.json",
                        "A 100644 images/staging/tags.json");
        assertThat(repository.show("auto", "generated/link")).isEqualTo("elsewhere/moved.yaml");
        assertThat(repository.show("auto", "images/staging/digests.json")).contains(ConfigRepoFixture.DIGEST);
        assertThat(GitCli.run(repository.bare(), "fsck", "--strict")).isEmpty();
    }

    @Test
    void takesFilesInPlaceOfFoldersAndTheOtherWayRound() throws Exception {
        start(cfg -> {
                    Files.delete(cfg.resolve("generated/deep/moved.yaml"));
                    Files.delete(cfg.resolve("generated/deep"));
                    write(cfg.resolve("generated/deep"), "a file now\n");
                    Files.delete(cfg.resolve("generated/old.yaml"));
                    write(cfg.resolve("generated/old.yaml/inner"), "a folder now\n");
                    return null;
                })
                .result();

        assertThat(repository.show("auto", "generated/deep")).isEqualTo("a file now\n");
        assertThat(repository.show("auto", "generated/old.yaml/inner")).isEqualTo("a folder now\n");
        assertThat(GitCli.run(repository.bare(), "fsck", "--strict")).isEmpty();
    }

    @Test
    void commitsWithinBodyPathsOnly() throws Exception {
        start(
                        cfg -> {
                            write(cfg.resolve("generated/new.yaml"), "new\n");
                            write(cfg.resolve("src/made.jsonnet"), "made\n");
                            return null;
                        },
                        "bodyPaths",
                        List.of("src/**"))
                .result();

        assertThat(changed()).contains("A 100644 src/made.jsonnet").doesNotContain("A 100644 generated/new.yaml");
    }

    @Test
    void namesSomeOfManyFilesThatAreNotCommitted() throws Exception {
        var commit = start(cfg -> {
            write(cfg.resolve(".gitignore"), "cache/\n");
            write(cfg.resolve("cache/a"), "a\n");
            Files.delete(cfg.resolve("src/main.jsonnet"));
            for (int i = 10; i < 30; i++) {
                write(cfg.resolve("vendor/" + i), "made\n");
            }
            return null;
        });
        commit.result();

        assertThat(commit.log())
                .contains("Not committed, since it is not in generated/**: .gitignore, cache/a, src/main.jsonnet,"
                        + " vendor/10, ")
                .contains("vendor/16 and 13 more\n");
    }

    @Test
    void findsAFolderThatHasJustTheTree() throws Exception {
        Path precious = Files.createDirectory(folder.resolve("precious"));
        write(precious.resolve("all.yaml"), "not ours\n");
        write(workspace.resolve("cfg/left/over"), "left over\n");
        Files.createSymbolicLink(workspace.resolve("cfg/generated"), precious);

        start(cfg -> {
                    assertThat(cfg.resolve("left")).doesNotExist();
                    assertThat(cfg.resolve("generated/all.yaml")).content().startsWith("a: 1");
                    return null;
                })
                .result();

        assertThat(precious.resolve("all.yaml")).hasContent("not ours");
    }

    @Test
    void doesNotWriteAgainWhatLiesThere() throws Exception {
        start(cfg -> null).result();
        Object before = Files.readAttributes(workspace.resolve("cfg/src/main.jsonnet"), "unix:ino")
                .get("ino");

        start(cfg -> null).result();

        assertThat(Files.readAttributes(workspace.resolve("cfg/src/main.jsonnet"), "unix:ino")
                        .get("ino"))
                .isEqualTo(before);
    }

    @Test
    void survivesARestartInTheBody() throws Exception {
        var commit = start(cfg -> TestStepContext.Body.GOES_ON);
        await().until(() -> commit.context().runningBody() != null);
        assertThat(commit.status()).contains("running the body");

        commit.restart();
        write(workspace.resolve("cfg/generated/new.yaml"), "new\n");
        commit.endBody();

        assertThat(commit.result()).containsEntry("id", repository.trailer("auto", "Autocommit-Id"));
        assertThat(changed()).contains("A 100644 generated/new.yaml");
        assertThat(repository.queued()).isOne();
    }

    @Test
    void bodiesOfOneWorkspaceWorkInAFolderEach() throws Exception {
        Path others = folder.resolve("other.git");
        GitCli.run(folder, "clone", "-q", "--bare", repository.url(), others.toString());
        RepositoryDefinition configured = repository.definition();
        configured.setGeneratedPaths(List.of("generated/**"));
        var other = new RepositoryDefinition("other", others.toUri().toString());
        other.setAllowInsecure(true);
        other.setAllJobs(true);
        other.setMergeWithoutChecks(true);
        other.setGeneratedPaths(List.of("generated/**"));
        steps.configure(configured, other);
        TestRun run = steps.build("app");
        var first =
                steps.body(cfg -> TestStepContext.Body.GOES_ON).start(run, "commitConfig", toStaging("repo", "other"));
        await().until(() -> first.context().runningBody() != null);
        first.restart();
        TestStepContext.Body body = cfg -> {
            assertThat(cfg).isEqualTo(workspace.resolve("cfg@2"));
            write(cfg.resolve("generated/us.yaml"), "us\n");
            write(workspace.resolve("cfg/generated/eu.yaml"), "eu\n");
            return null;
        };
        var second = steps.body(body).start(run, "commitConfig", toStaging("repo", "cfg-app"));

        assertThat(second.result()).containsEntry("changed", true);
        assertThat(changed()).contains("A 100644 generated/us.yaml").doesNotContain("A 100644 generated/eu.yaml");
        first.endBody();
        assertThat(first.result()).containsEntry("changed", true);
        assertThat(GitCli.run(others, "log", "--all", "--format=", "--name-only"))
                .contains("generated/eu.yaml")
                .doesNotContain("generated/us.yaml");
        start(
                        cfg -> {
                            assertThat(cfg).as("free again").isEqualTo(workspace.resolve("cfg"));
                            return null;
                        },
                        "repo",
                        "cfg-app")
                .result();
    }

    @Test
    void awaitsAnAgentThatIsLostBeforeItsFilesAreRead() throws Exception {
        var commit = start(cfg -> {
            write(cfg.resolve("generated/new.yaml"), "new\n");
            return TestStepContext.Body.GOES_ON;
        });
        await().until(() -> commit.context().runningBody() != null);
        commit.context().loseAgent(true);
        commit.endRunningBody();
        await().until(() -> commit.log().contains("The agent with the workspace is not connected; waiting for it."));

        commit.context().loseAgent(false);

        assertThat(commit.result()).containsEntry("changed", true);
        assertThat(changed()).contains("A 100644 generated/new.yaml");
        assertThat(commit.log()).containsOnlyOnce("is not connected");
    }

    @Test
    void startsTheBodyAgainAfterARestartBeforeIt() throws Exception {
        steps.body(cfg -> {
            write(cfg.resolve("generated/new.yaml"), "new\n");
            return null;
        });
        var commit = steps.prepare(steps.build("app"), "commitConfig", toStaging());
        commit.context().holdSaves();
        commit.begin();

        commit.restart();

        assertThat(commit.result()).containsEntry("changed", true);
        assertThat(changed()).contains("A 100644 generated/new.yaml");
    }

    @Test
    void isLaidOnWhatCameMeanwhile() throws Exception {
        var commit = start(cfg -> {
            write(cfg.resolve("generated/all.yaml"), "a: 2\nb: 1\nc: 1\nd: 1\ne: 1\n");
            write(checkout.resolve("generated/all.yaml"), "a: 1\nb: 1\nc: 1\nd: 1\ne: 2\n");
            push("Change the last line");
            return null;
        });

        assertThat(commit.result()).containsEntry("changed", true);
        assertThat(repository.show("auto", "generated/all.yaml")).isEqualTo("a: 2\nb: 1\nc: 1\nd: 1\ne: 2\n");
    }

    @Test
    void conflictsWithWhatCameMeanwhileInAWayThatCanBeRetried() throws Exception {
        var commit = start(cfg -> {
            write(cfg.resolve("generated/all.yaml"), "a: 2\n");
            write(checkout.resolve("generated/all.yaml"), "a: 3\n");
            push("Change the same line");
            return null;
        });

        assertThatThrownBy(commit::end)
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll("must be generated anew", "generated/all.yaml")
                .hasCauseInstanceOf(ConfigConflict.class);
        assertThat(repository.queued()).isZero();
    }

    @Test
    void aConflictWithWhatMainGotWhileTheChangeWaitedCanBeRetried() throws Exception {
        var build = steps.build("app");
        String id = (String) steps.body(cfg -> {
                    write(cfg.resolve("generated/all.yaml"), "a: 2\n");
                    return null;
                })
                .start(build, "commitConfig", toStaging())
                .result()
                .get("id");
        var wait = steps.start(build, "waitForCiAndMerge", Map.of());
        await().until(() -> wait.log().contains("Change "));
        write(checkout.resolve("generated/all.yaml"), "a: 3\n");

        push("Change the same line");
        DriverRegistry.get().pollNow("cfg-app");

        assertThatThrownBy(wait::end)
                .isExactlyInstanceOf(AbortException.class)
                .hasMessage("Change " + id + " was evicted: What was generated for it must be generated anew on what is"
                        + " below it now: generated/all.yaml.")
                .hasCauseInstanceOf(ConfigConflict.class);
        assertThat(repository.queued()).isZero();
    }

    @Test
    void failsAsItsBodyFails() throws Exception {
        var commit = start(cfg -> {
            throw new AbortException("script returned exit code 2");
        });

        assertThatThrownBy(commit::end).hasMessage("script returned exit code 2");
        assertThat(changed()).isEmpty();
    }

    /** A wave that runs nothing yet has no files, and one in an older layout has others. */
    @Test
    void aBodyMakesNoImageFilesOfAnyWaveWhateverTheirLayout() throws Exception {
        start(
                        cfg -> {
                            for (String name : List.of("images.json", "tags.json", "digests.json")) {
                                write(cfg.resolve("images/staging/" + name), "{}");
                                write(cfg.resolve("images/production/" + name), "{}");
                            }
                            write(cfg.resolve("src/made.jsonnet"), "made\n");
                            return null;
                        },
                        "bodyPaths",
                        List.of("**"))
                .result();

        assertThat(changed())
                .containsExactlyInAnyOrder(
                        "A 100644 src/made.jsonnet",
                        "A 100644 images/staging/digests.json",
                        "A 100644 images/staging/tags.json");
    }

    private void assertRefused(TestStepContext.Body body, String... words) throws Exception {
        var commit = start(body);
        assertThatThrownBy(commit::end)
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(words)
                .hasCauseInstanceOf(RequestRefused.class);
        assertThat(changed()).isEmpty();
    }

    private static TestStepContext.Body writing(String path) {
        return cfg -> {
            write(cfg.resolve(path), "x");
            return null;
        };
    }

    private static TestStepContext.Body linking(String target) {
        return cfg -> {
            Files.createSymbolicLink(cfg.resolve("generated/link"), Path.of(target));
            return null;
        };
    }

    @Test
    void refusesWhatMustNotBeCommitted() throws Exception {
        assertRefused(linking("/etc/passwd"), "generated/link", "/etc/passwd");
        assertRefused(linking("../../outside"), "leaves the repository");
        assertRefused(linking("../.git/config"), "into .git");
        assertRefused(writing("generated/ALL.yaml"), "generated/ALL.yaml", "generated/all.yaml", "differ only");
        assertRefused(writing("generated/trailing."), "ends in a dot");
        assertRefused(writing("generated/con\ntrol"), "control character");
        assertRefused(writing("generated/back\\slash"), "backslash");
        assertRefused(writing("generated/git~1"), "git does not take");
    }

    @Test
    void refusesTooMuch() throws Exception {
        assertRefused(
                cfg -> {
                    Files.write(cfg.resolve("generated/large"), new byte[(32 << 20) + 1]);
                    return null;
                },
                "32 MiB",
                "bodyPaths");
    }

    @Test
    void needsAWorkspaceAndToKnowWhatItMayChange() throws Exception {
        assertThatThrownBy(() -> start(cfg -> null, "bodyPaths", List.of("../etc/**")))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll("bodyPaths", "../etc/**");
        steps.configure(repository.definition());
        assertThatThrownBy(() -> start(cfg -> null))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll("bodyPaths", "generatedPaths");
        steps.in(null);
        assertThatThrownBy(() -> start(cfg -> null))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContaining("node {");
    }

    @Test
    void aDryRunShowsTheDifferenceAndPushesNothing() throws Exception {
        TestRun run = steps.build("app");
        steps.body(writing("generated/new.yaml"));

        var tried = steps.start(run, "commitConfig", toStaging("dryRun", true));

        assertThat(tried.result())
                .containsOnly(entry("id", ""), entry("sha", ""), entry("changed", true), entry("superseded", false));
        assertThat(changed()).isEmpty();
        DeliveryAction delivery = DeliveryAction.of(run);
        assertThat(delivery.getChanges()).isEmpty();
        assertThat(delivery.diff(delivery.getDryRuns().get(0)))
                .contains("+++ b/generated/new.yaml", "+++ b/images/staging/digests.json", ConfigRepoFixture.DIGEST);
    }

    private void configureSets(String... sets) throws Exception {
        RepositoryDefinition configured = repository.definition();
        configured.setGeneratedPaths(List.of("generated/**"));
        configured.setImageSets(List.of(sets));
        steps.configure(configured);
    }

    @Test
    void aDryRunShowsTheDifferenceOfTheSetThatIsNamed() throws Exception {
        configureSets("shop", "blog");
        TestRun run = steps.build("app");

        var tried = steps.start(run, "commitConfig", toStaging("set", "shop", "dryRun", true));

        assertThat(tried.result()).containsEntry("changed", true);
        assertThat(changed()).isEmpty();
        DeliveryAction delivery = DeliveryAction.of(run);
        assertThat(delivery.getDryRuns().get(0).getWave()).isEqualTo("staging/shop");
        assertThat(delivery.diff(delivery.getDryRuns().get(0))).contains("+++ b/images/staging/shop/digests.json");
    }

    @Test
    void aBodyGetsAndCommitsTheSetThatIsNamed() throws Exception {
        configureSets("shop", "blog");

        var commit = start(
                cfg -> {
                    assertThat(cfg.resolve("images/staging/shop/digests.json"))
                            .content()
                            .contains(ConfigRepoFixture.DIGEST);
                    write(cfg.resolve("generated/new.yaml"), "new\n");
                    return null;
                },
                "set",
                "shop");

        assertThat(commit.result()).containsEntry("changed", true);
        assertThat(changed()).contains("A 100644 generated/new.yaml", "A 100644 images/staging/shop/digests.json");
    }

    @Test
    void aDryRunOfWhatMainHasSaysSo() throws Exception {
        steps.run(steps.build("app"), "commitConfig", toStaging());
        report(repository.tip("auto"), "success");
        await().until(() -> repository.queued() == 0);
        TestRun run = steps.build("app");

        var tried = steps.start(run, "commitConfig", toStaging("dryRun", true));

        assertThat(tried.result()).contains(entry("changed", false), entry("sha", repository.tip("master")));
        DeliveryAction delivery = DeliveryAction.of(run);
        assertThat(delivery.diff(delivery.getDryRuns().get(0))).isEmpty();
    }
}
