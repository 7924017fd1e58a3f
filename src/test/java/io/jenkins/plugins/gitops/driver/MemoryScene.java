package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.git.CloneStore;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.GitObjects;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;

/** A config repository in memory, and drivers with clones in memory. */
final class MemoryScene implements AutoCloseable {

    final MemoryServer server = new MemoryServer();
    final GitObjects objects = new GitObjects(server.repository());
    final ManualClock clock = new ManualClock();
    private final Map<String, MemoryRepository> clones = new TreeMap<>();

    /** Begins with one commit on main that holds nothing. */
    MemoryScene() {
        server.set(SimulationLedger.MAIN, commit(List.of(), Map.of(), "Begin\n"));
    }

    Driver driver(String name) throws RepoUnavailable {
        return driver(name, server);
    }

    /** A driver that reaches the server in a way of its own; again by a name, it has the clone of the one before. */
    Driver driver(String name, MemoryTransport.Remote remote) throws RepoUnavailable {
        return driver(name, remote, cloneOf(name));
    }

    private CloneStore cloneOf(String name) {
        clones.computeIfAbsent(name, key -> new MemoryRepository());
        return new CloneStore() {
            @Override
            public Repository open() {
                return clones.computeIfAbsent(name, key -> new MemoryRepository());
            }

            @Override
            public void abandon() {
                clones.remove(name);
            }

            @Override
            public String toString() {
                return "the memory of " + name;
            }
        };
    }

    Driver driver(String name, MemoryTransport.Remote remote, CloneStore store) throws RepoUnavailable {
        return driver(name, remote, store, RepositoryScene::settings);
    }

    /** A driver with a generator; again by a name, it has the clone of the one before. */
    Driver generatingDriver(String name) throws RepoUnavailable {
        return driver(name, server, cloneOf(name), RepositoryScene::generating);
    }

    /** A driver with other waves, on what Argo CD says; again by a name, it has the clone of the one before. */
    Driver driver(String name, MemoryTransport.Remote remote, List<Wave> waves, ApplicationLookup applications)
            throws RepoUnavailable {
        return driver(name, remote, cloneOf(name), url -> RepositoryScene.settings(url, waves), applications);
    }

    /** Has the next driver of a name begin with a clone of its own. */
    void loseClone(String name) {
        clones.remove(name);
    }

    private Driver driver(
            String name, MemoryTransport.Remote remote, CloneStore store, Function<String, RepositorySettings> settings)
            throws RepoUnavailable {
        return driver(name, remote, store, settings, ApplicationLookup.NONE);
    }

    private Driver driver(
            String name,
            MemoryTransport.Remote remote,
            CloneStore store,
            Function<String, RepositorySettings> settings,
            ApplicationLookup applications)
            throws RepoUnavailable {
        String url = MemoryTransport.register(name, remote);
        var repo = ConfigRepoClone.open(store, url, () -> null);
        return new Driver(settings.apply(url), repo, applications, clock, "https://" + name + ".example.com/");
    }

    /** Submits a request and lets the driver do a round, which answers. */
    <T> T answer(Driver driver, DriverRequest<T> request) throws RepoUnavailable {
        return answer(driver, driver.submit(request));
    }

    /** Lets the driver do a round, which answers. */
    <T> T answer(Driver driver, CompletableFuture<T> asked) throws RepoUnavailable {
        driver.round();
        return asked.getNow(null);
    }

    ObjectId ref(String name) {
        return server.refs().get(name);
    }

    /** Somebody commits files: texts by path. */
    ObjectId commit(List<ObjectId> parents, Map<String, String> texts, String message) {
        var files = new TreeMap<String, ObjectId>();
        texts.forEach((path, text) -> files.put(path, objects.blob(text)));
        return objects.commit(parents, files, message, ada(clock.instant()));
    }

    static PersonIdent ada(Instant when) {
        return new PersonIdent("Ada", "ada@example.com", when, ZoneOffset.UTC);
    }

    @Override
    public void close() {
        clones.keySet().forEach(MemoryTransport::unregister);
    }
}
