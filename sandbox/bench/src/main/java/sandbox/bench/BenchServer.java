package sandbox.bench;

import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/**
 * Lets an engine and the git command line reach the bare repositories in one folder: as files, or over HTTP with a
 * password and a delay before each answer, and counts the requests.
 */
final class BenchServer implements AutoCloseable {

    private static final String USER = "bot";
    private static final String PASSWORD = "secret";

    private final Optional<GitHttpServer> http;

    private BenchServer(Optional<GitHttpServer> http) {
        this.http = http;
    }

    /** Serves the repositories in a folder. */
    static BenchServer of(Path folder, RepositoryScale scale) {
        if (!scale.isOverHttp()) {
            return new BenchServer(Optional.empty());
        }
        GitHttpServer server = GitHttpServer.start(folder, USER, PASSWORD);
        server.delay(scale.latency());
        return new BenchServer(Optional.of(server));
    }

    /** Opens an engine on a repository, with a clone in a folder. */
    MeasuredEngine engine(Path repository, Path clone) throws Exception {
        CredentialsSource login = () -> new UsernamePasswordCredentialsProvider(USER, PASSWORD);
        return http.isPresent()
                ? new MeasuredEngine(http.get().url(repository.getFileName().toString()), login, clone)
                : new MeasuredEngine(repository, clone);
    }

    /** Clones a repository with the git command line. */
    GitClone gitClone(Path repository, Path clone) {
        return http.map(server -> GitClone.of(
                        server.urlWithPassword(repository.getFileName().toString()), clone))
                .orElseGet(() -> GitClone.of(repository, clone));
    }

    /** Measures the plugin and git's command line in turn; over HTTP also how many requests each makes. */
    void compare(
            String name,
            Map<String, Integer> parameters,
            PairedMeasurement measurement,
            PairedMeasurement.Approach plugin,
            PairedMeasurement.Approach git,
            Consumer<BenchResult> results)
            throws Exception {
        Counted ours = new Counted(plugin);
        Counted peer = new Counted(git);
        List<RunSpread> taken = measurement.measure(List.of(ours, peer));
        results.accept(new BenchResult(name, parameters, "ms", taken.get(0)).beside(GitClone.NAME, taken.get(1)));
        if (http.isPresent()) {
            results.accept(new BenchResult(name + "-requests", parameters, "requests", ours.requests())
                    .beside(GitClone.NAME, peer.requests()));
        }
    }

    private int requests() {
        return http.map(GitHttpServer::requests).orElse(0);
    }

    @Override
    public void close() {
        http.ifPresent(GitHttpServer::close);
    }

    /** An approach whose requests to the server are counted. */
    private final class Counted implements PairedMeasurement.Approach {

        private final PairedMeasurement.Approach approach;
        private final List<Integer> counts = new ArrayList<>();

        Counted(PairedMeasurement.Approach approach) {
            this.approach = approach;
        }

        /** The number of requests in each run. */
        RunSpread requests() {
            return RunSpread.of(
                    counts.stream().mapToDouble(Integer::doubleValue).toArray());
        }

        @Override
        public void prepare() throws Exception {
            approach.prepare();
        }

        @Override
        public boolean inOwnProcesses() {
            return approach.inOwnProcesses();
        }

        @Override
        public void run() throws Exception {
            int before = BenchServer.this.requests();
            approach.run();
            counts.add(BenchServer.this.requests() - before);
        }
    }
}
