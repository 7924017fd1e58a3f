package sandbox.bench;

import io.jenkins.plugins.gitops.ci.CheckState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Announces 40 services and merges them when CI is green. */
record CommitBenchmark(List<Integer> files, Contest contest) implements Benchmark {

    private static final String ANNOUNCE =
            """
            git fetch --quiet origin
            git checkout --quiet -B auto origin/auto
            printf '%s' "$TAGS" >images/staging/tags.json
            printf '%s' "$DIGESTS" >images/staging/digests.json
            git add --all -- images
            git commit --quiet --message "$MESSAGE"
            git push --quiet --force-with-lease origin auto
            """;

    private static final String MERGE =
            """
            git fetch --quiet origin
            git checkout --quiet main
            git merge --quiet --ff-only origin/auto
            git push --quiet origin main
            """;

    @Override
    public String name() {
        return "commit";
    }

    @Override
    public String what() {
        return "announce 40 services and merge them";
    }

    @Override
    public void run(Path folder, Consumer<Result> results) throws Exception {
        for (int count : files) {
            Path place = Files.createDirectory(folder.resolve("files-" + count));
            Path repository = Repositories.create(place.resolve("ours.git"), count);
            Path forPeer = Repositories.copy(repository, place.resolve("peer.git"));
            Path forFloor = Repositories.copy(repository, place.resolve("floor.git"));
            var heap = new Heap();
            try (var engine = new Engine(repository, place.resolve("ours"));
                    var floor = new JGitFloor(forFloor, place.resolve("floor"))) {
                List<Spread> taken = contest.measure(
                        List.of(new Ours(engine, repository), new ByGit(GitClone.of(forPeer, place.resolve("peer")), forPeer), floor));
                var parameters = Map.of("files", count);
                results.accept(new Result(
                        name(), parameters, "ms", taken.get(0), Optional.of(new Result.Peer(GitClone.NAME, taken.get(1)))));
                results.accept(new Result(
                        name() + "-floor", parameters, "ms", taken.get(0), Optional.of(new Result.Peer(JGitFloor.NAME, taken.get(2)))));
                results.accept(new Result(name() + "-heap", parameters, "MB", heap.peak(), Optional.empty()));
            }
        }
    }

    private static final class Ours implements Contest.Way {
        private final Engine engine;
        private final Upkeep server;
        private int version;

        Ours(Engine engine, Path repository) {
            this.engine = engine;
            this.server = new Upkeep(repository);
        }

        @Override
        public void prepare() {
            version++;
            server.beforeRun();
        }

        @Override
        public void run() throws Exception {
            String sha = engine.append(List.of(Engine.change(version, Images.all(version)))).sha();
            engine.report(sha, CheckState.SUCCESS);
        }
    }

    private static final class ByGit implements Contest.Way {
        private final GitClone clone;
        private final Upkeep server;
        private int version;

        ByGit(GitClone clone, Path repository) {
            this.clone = clone;
            this.server = new Upkeep(repository);
        }

        @Override
        public void prepare() {
            version++;
            server.beforeRun();
            clone.beforeRun();
        }

        @Override
        public boolean inOwnProcesses() {
            return true;
        }

        @Override
        public void run() throws IOException {
            Map<String, String> files = Images.files(version);
            clone.run(
                    Map.of(
                            "TAGS", files.get(Images.FOLDER + "/tags.json"),
                            "DIGESTS", files.get(Images.FOLDER + "/digests.json"),
                            "MESSAGE", "chore: update app to " + version),
                    ANNOUNCE);
            clone.run(Map.of(), MERGE);
        }
    }
}
