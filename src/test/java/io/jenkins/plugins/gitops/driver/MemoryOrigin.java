package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.CloneStore;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.GitObjects;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** A repository in memory, with clones in memory: for tests of decisions, which need no git beside the engine's own. */
final class MemoryOrigin implements SceneOrigin {

    private static final AtomicInteger OPENED = new AtomicInteger();

    private final MemoryServer server = new MemoryServer();
    private final GitObjects objects = new GitObjects(server.repository());
    private final Map<String, MemoryRepository> clones = new TreeMap<>();
    private final String host = "cfg-app-" + OPENED.incrementAndGet();
    private final String url = MemoryTransport.register(host, server);
    private final Clock clock;
    private Optional<ObjectId> last = Optional.empty();

    /**
     * Creates an empty repository.
     *
     * @param clock the time of people's commits
     */
    MemoryOrigin(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public ConfigRepoClone open(String name, CredentialsSource credentials) throws RepoUnavailable {
        return ConfigRepoClone.open(
                new CloneStore() {
                    @Override
                    public Repository open() {
                        return clones.computeIfAbsent(name, key -> new MemoryRepository());
                    }

                    @Override
                    public void abandon() {
                        clones.remove(name);
                    }
                },
                url,
                credentials);
    }

    @Override
    public ConfigRepoClone open(String name) throws RepoUnavailable {
        return open(name, () -> null);
    }

    @Override
    public String commit(String branch, String file, String content, String message) {
        String ref = "refs/heads/" + branch;
        Optional<ObjectId> parent = Optional.ofNullable(server.refs().get(ref)).or(() -> last);
        TreeMap<String, ObjectId> files = parent.map(objects::files).orElseGet(TreeMap::new);
        files.put(file, objects.blob(content));
        ObjectId commit =
                objects.commit(parent.stream().toList(), files, message + "\n", MemoryScene.ada(clock.instant()));
        server.set(ref, commit);
        last = Optional.of(commit);
        return commit.name();
    }

    @Override
    public Optional<String> find(String revision) {
        return resolve(revision).map(ObjectId::name);
    }

    private Optional<ObjectId> resolve(String revision) {
        int tilde = revision.indexOf('~');
        if (tilde >= 0) {
            Optional<ObjectId> at = resolve(revision.substring(0, tilde));
            for (int back = Integer.parseInt(revision.substring(tilde + 1)); back > 0; back--) {
                at = at.flatMap(objects::parent);
            }
            return at;
        }
        Map<String, ObjectId> refs = server.refs();
        return Optional.ofNullable(refs.get(revision))
                .or(() -> Optional.ofNullable(refs.get("refs/heads/" + revision)))
                .or(() -> ObjectId.isId(revision) ? Optional.of(ObjectId.fromString(revision)) : Optional.empty());
    }

    private ObjectId commit(String revision) {
        return resolve(revision).orElseThrow(() -> new AssertionError("there is no " + revision));
    }

    @Override
    public String text(String revision, String file) {
        ObjectId blob = objects.files(commit(revision)).get(file);
        if (blob == null) {
            throw new AssertionError(revision + " has no " + file);
        }
        return objects.text(blob).strip();
    }

    @Override
    public List<String> files(String revision, String folder) {
        return objects.files(commit(revision)).keySet().stream()
                .filter(file -> file.startsWith(folder))
                .toList();
    }

    @Override
    public String message(String revision) {
        return objects.message(commit(revision)).strip();
    }

    @Override
    public List<String> line(String from, String to) {
        var line = new ArrayList<>(firstParents(to));
        line.removeAll(firstParents(from));
        Collections.reverse(line);
        return line;
    }

    /** A commit and its first parents, newest first. */
    private List<String> firstParents(String revision) {
        return Stream.iterate(resolve(revision), Optional::isPresent, at -> at.flatMap(objects::parent))
                .map(at -> at.orElseThrow().name())
                .toList();
    }

    @Override
    public Map<String, String> refs() {
        var refs = new TreeMap<String, String>();
        server.refs().forEach((ref, id) -> refs.put(ref, id.name()));
        return refs;
    }

    @Override
    public void move(String ref, String revision) {
        server.set(ref, commit(revision));
    }

    @Override
    public void delete(String ref) {
        server.set(ref, ObjectId.zeroId());
    }

    @Override
    public void close() {
        MemoryTransport.unregister(host);
    }
}
