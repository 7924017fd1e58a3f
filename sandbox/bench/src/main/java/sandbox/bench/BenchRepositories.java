package sandbox.bench;

import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Creates the config repositories of the benchmarks. */
final class BenchRepositories {

    static final String MAIN = "refs/heads/main";
    static final String AUTO = "refs/heads/auto";

    /** The required check of a repository with {@link #settings}. */
    static final String CHECK = "ci/check";

    private static final int ENTRIES = 50;

    private BenchRepositories() {}

    /** As {@link #create(Path, int, BenchImages)}, with {@link BenchImages#SHOP}. */
    static Path create(Path folder, int files) throws IOException {
        return create(folder, files, BenchImages.SHOP);
    }

    /** Creates a bare repository whose main has the images of a wave and this number of other files. */
    static Path create(Path folder, int files, BenchImages images) throws IOException {
        Path repository = GitCli.createBare(folder, "main");
        try (var commit = new FastImport(repository)) {
            commit.commit(MAIN, null, "Begin", BenchImages.EPOCH);
            for (var file : images.files(0).entrySet()) {
                commit.file(file.getKey(), file.getValue());
            }
            for (int i = 0; i < files; i++) {
                commit.file(path(i), manifest(i));
            }
        }
        GitCli.run(repository, "update-ref", AUTO, MAIN);
        GitCli.run(repository, "gc", "--quiet");
        return repository;
    }

    /** Copies a repository to a folder. */
    static Path copy(Path repository, Path folder) throws IOException {
        GitShell.run(
                repository, Map.of("FROM", repository.toString(), "TO", folder.toString()), "cp -R \"$FROM\" \"$TO\"");
        return folder;
    }

    /**
     * Adds {@code count} commits to a branch. Each changes one file; {@code first} is the number of the first of these
     * files.
     */
    static void commits(Path repository, String branch, int first, int count) throws IOException {
        try (var commits = new FastImport(repository)) {
            for (int number = first; number < first + count; number++) {
                commits.commit(
                        branch, number == first ? branch + "^0" : null, "Change " + number, BenchImages.EPOCH + number);
                commits.file(path(number), manifest(number));
            }
        }
    }

    /** The path of a file by its number. No folder has more than 50 entries. */
    static String path(int number) {
        int folder = number / ENTRIES;
        return "generated/" + folder / ENTRIES / ENTRIES + "/" + folder / ENTRIES % ENTRIES + "/" + folder % ENTRIES
                + "/" + number + ".yaml";
    }

    static String manifest(int number) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: settings-%1$d
                  namespace: team-%2$d
                  labels: {app.kubernetes.io/name: service-%2$d, app.kubernetes.io/part-of: shop}
                data:
                  url: https://service-%2$d.example.com/%1$d
                  limit: "%1$d"
                """.formatted(number, number % 40);
    }

    /** The settings of a repository with one required check, {@link #CHECK}. Red changes are evicted at once. */
    static RepositorySettings settings(String url, List<Wave> waves) {
        return RepositorySettings.named("cfg-app", url)
                .mainBranch("main")
                .layout(BenchImages.LAYOUT)
                .redGrace(Duration.ZERO)
                .requiredChecks(List.of(new RequiredCheck(CHECK, RequiredCheck.REPORTED, false, List.of())))
                .waves(waves)
                .build();
    }
}
