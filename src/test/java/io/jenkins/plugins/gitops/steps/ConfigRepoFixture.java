package io.jenkins.plugins.gitops.steps;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.ReportedCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A real config repository on disk with one commit on master. */
public class ConfigRepoFixture {

    public static final String CHECK = "ci/generated";

    public static final String DIGEST = "sha256:" + "6a9ca693f6fff83215c00b653bcf2106124705ad538dc509373523fdd6cefdb4";
    static final String OTHER_DIGEST = "sha256:" + "b9a2c1f6e7a3bd2b8c7a6a4c5d3e2f10b9a2c1f6e7a3bd2b8c7a6a4c5d3e2f10";

    private final Path bare;

    protected ConfigRepoFixture(Path bare) {
        this.bare = bare;
        String tree = GitCli.run(Map.of(), "", bare, "mktree").strip();
        String commit = GitCli.run(bare, "commit-tree", tree, "-m", "Begin").strip();
        GitCli.run(bare, "update-ref", "refs/heads/master", commit);
    }

    /** Reached as a file. */
    static ConfigRepoFixture onDisk(Path folder) {
        return new ConfigRepoFixture(GitCli.createBare(folder.resolve("cfg-app.git"), "master"));
    }

    public Path bare() {
        return bare;
    }

    public String url() {
        return bare.toUri().toString();
    }

    /** Its definition, with one check, which {@code reportCiStatus} reports. */
    public RepositoryDefinition definition() {
        return definition(url());
    }

    public static RepositoryDefinition definition(String url) {
        RepositoryDefinition repository = new RepositoryDefinition("cfg-app", url);
        repository.setAllowInsecure(true);
        repository.setAllJobs(true);
        repository.setChecks(List.of(new ReportedCheckSource()));
        repository.setRequiredChecks(List.of(new RequiredCheckDefinition(CHECK)));
        repository.setRedGrace("0s");
        return repository;
    }

    public String tip(String branch) {
        return GitCli.run(bare, "rev-parse", "refs/heads/" + branch).strip();
    }

    public String show(String branch, String path) {
        return GitCli.run(bare, "show", "refs/heads/" + branch + ":" + path);
    }

    /** How many commits the branch has that main has not. */
    int queued() {
        return Integer.parseInt(GitCli.run(bare, "rev-list", "--count", "refs/heads/master..refs/heads/auto")
                .strip());
    }

    String trailer(String branch, String key) {
        return GitCli.run(bare, "log", "-1", "--format=%(trailers:key=" + key + ",valueonly)", "refs/heads/" + branch)
                .strip();
    }

    /** A file of the state ref, or nothing. */
    String state(String path) {
        String file = "refs/gitops-waves/master/state:" + path;
        return GitCli.succeeds(bare, "rev-parse", "--verify", "--quiet", file) ? GitCli.run(bare, "show", file) : "";
    }

    boolean hasBranch(String branch) {
        return GitCli.succeeds(bare, "rev-parse", "--verify", "--quiet", "refs/heads/" + branch);
    }

    /** The announced form of one service. */
    static Map<String, Object> images(String service, String digest) {
        String repository = "docker.example.com/" + service.toLowerCase(Locale.ROOT);
        return Map.of(service, Map.of("Tag", repository + ":1", "Digest", repository + "@" + digest));
    }
}
