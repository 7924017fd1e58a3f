package sandbox.bench;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.images.ImageSetLayout;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures the look-up of an announced change by its id.
 *
 * @param commits the number of automatic commits, within 90 days
 */
record DedupeBenchmark(int commits, PairedMeasurement measurement) implements Benchmark {

    private static final int DAYS = 90;

    /** The peer, a script without an index: it reads the trailers of all commits. */
    private static final String ASK = """
            git log --format='%(trailers:key=Autocommit-Id,valueonly,separator=)' main >../ids
            grep -qxF "$ID" ../ids || true
            """;

    @Override
    public String name() {
        return "dedupe";
    }

    @Override
    public String what() {
        return "is this announced already, after " + commits + " automatic commits";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        Path repository = BenchRepositories.create(folder.resolve("ours.git"), 0);
        automatic(repository);
        Path clone = folder.resolve("ours");
        new Start(repository, clone).run();
        var parameters = Map.of("commits", commits);
        RunSpread start = new PairedMeasurement(0, 5)
                .measure(List.of(new Start(repository, clone)))
                .get(0);
        results.accept(new BenchResult(name() + "-start", parameters, "ms", start));
        try (var engine = new MeasuredEngine(repository, clone)) {
            engine.round();
            List<RunSpread> taken = measurement.measure(
                    List.of(new Ours(engine), new ByGit(GitClone.of(repository, folder.resolve("peer")))));
            results.accept(new BenchResult(name(), parameters, "ms", taken.get(0)).beside(GitClone.NAME, taken.get(1)));
        }
    }

    /** Writes automatic commits to main, and the state ref that records them. */
    private void automatic(Path repository) throws IOException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try (var main = new FastImport(repository)) {
            for (int i = 0; i < commits; i++) {
                String message = """
                        chore: update app to %2$d

                        Autocommit-Id: %1$s
                        Autocommit-Operation: announce
                        Autocommit-Target: staging
                        Autocommit-Services: %3$s
                        Autocommit-App-SHA: %2$040x
                        Autocommit-Order: acme/app/main#%2$d
                        Autocommit-Reason: new images published
                        Autocommit-Build: https://jenkins.example.com/job/acme/job/app/job/main/%2$d/
                        """.formatted(
                        id(i),
                        i,
                        String.join(", ", BenchImages.SHOP.one(i).images().keySet()));
                main.commit(
                        BenchRepositories.MAIN,
                        i == 0 ? BenchRepositories.MAIN + "^0" : null,
                        message,
                        at(i, now).getEpochSecond());
                for (var file : ImageSetLayout.write(BenchImages.SHOP.one(i), BenchImages.LAYOUT)
                        .entrySet()) {
                    main.file(
                            BenchImages.FOLDER + "/" + file.getKey(),
                            new String(file.getValue(), StandardCharsets.UTF_8));
                }
            }
        }
        try (var state = new FastImport(repository)) {
            state.commit("refs/gitops-waves/main/state", null, "Folded", now.getEpochSecond());
            for (int i = 0; i < commits; i++) {
                state.file(
                        "changes/" + LocalDate.ofInstant(at(i, now), ZoneOffset.UTC) + "/" + id(i) + ".json",
                        """
                        {
                          "at": "%s",
                          "by": "https://jenkins.example.com/",
                          "checks": [],
                          "id": "%s",
                          "mainSha": "%3$040x",
                          "outcome": "merged",
                          "reason": "all required checks succeeded",
                          "sha": "%3$040x",
                          "subject": "chore: update app to %3$d"
                        }
                        """.formatted(at(i, now), id(i), i));
            }
        }
        GitCli.run(repository, "update-ref", BenchRepositories.AUTO, BenchRepositories.MAIN);
        new RepositoryPacking(repository).beforeRun();
    }

    private Instant at(int change, Instant now) {
        return now.minus(DAYS - 1, ChronoUnit.DAYS).plusSeconds((DAYS - 1) * 86_400L * change / commits);
    }

    private static String id(int change) {
        return "%020d".formatted(change);
    }

    private record Start(Path repository, Path cached) implements PairedMeasurement.Approach {
        @Override
        public void prepare() {}

        @Override
        public void run() throws Exception {
            try (var engine = new MeasuredEngine(repository, cached)) {
                engine.round();
                if (engine.knows(NewChange.newId()) || !engine.knows(id(0))) {
                    throw new IllegalStateException("The engine does not know what was announced.");
                }
            }
        }
    }

    private final class Ours implements PairedMeasurement.Approach {
        private final MeasuredEngine engine;
        private int asked;

        Ours(MeasuredEngine engine) {
            this.engine = engine;
        }

        @Override
        public void prepare() {
            asked++;
        }

        /** Looks up a known and an unknown change in turn; a new announcement is an unknown one. */
        @Override
        public void run() throws Exception {
            String id = asked % 2 == 0 ? NewChange.newId() : id((int) (asked * 7919L % commits));
            if (engine.knows(id) == (asked % 2 == 0)) {
                throw new IllegalStateException("A wrong answer for the change " + id + ".");
            }
        }
    }

    private final class ByGit implements PairedMeasurement.Approach {
        private final GitClone clone;
        private int asked;

        ByGit(GitClone clone) {
            this.clone = clone;
        }

        @Override
        public void prepare() {
            asked++;
        }

        @Override
        public boolean inOwnProcesses() {
            return true;
        }

        @Override
        public void run() throws IOException {
            clone.run(Map.of("ID", id((int) (asked * 7919L % commits))), ASK);
        }
    }
}
