package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.transport.CredentialsProvider;

/**
 * A repository on disk, of which people have a checkout, with git's command line.
 *
 * @param root the folder of the clones and the checkout
 * @param remote the bare repository
 * @param credentials those of the drivers, or null
 */
record DiskOrigin(Path root, Path remote, String url, CredentialsProvider credentials) implements SceneOrigin {

    DiskOrigin {
        GitCli.run(
                root, "clone", "-q", remote.toString(), root.resolve("checkout").toString());
    }

    Path checkout() {
        return root.resolve("checkout");
    }

    String git(String... arguments) {
        return GitCli.run(remote, arguments).strip();
    }

    @Override
    public ConfigRepoClone open(String name, CredentialsSource source) throws RepoUnavailable {
        return ConfigRepoClone.open(root.resolve(name), url, source);
    }

    @Override
    public ConfigRepoClone open(String name) throws RepoUnavailable {
        return open(name, () -> credentials);
    }

    @Override
    public String commit(String branch, String file, String content, String message) {
        Path checkout = checkout();
        if (find("refs/heads/" + branch).isPresent()) {
            GitCli.run(checkout, "fetch", "-q", "origin");
            GitCli.run(checkout, "checkout", "-q", "--detach", "origin/" + branch);
        }
        write(checkout.resolve(file), content);
        GitCli.run(checkout, "add", "-A");
        GitCli.run(checkout, "commit", "-q", "-m", message);
        GitCli.run(checkout, "push", "-q", "origin", "HEAD:refs/heads/" + branch);
        return GitCli.run(checkout, "rev-parse", "HEAD").strip();
    }

    private static void write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<String> find(String revision) {
        return GitCli.succeeds(remote, "rev-parse", "-q", "--verify", revision)
                ? Optional.of(git("rev-parse", revision))
                : Optional.empty();
    }

    @Override
    public String text(String revision, String file) {
        return git("show", revision + ":" + file);
    }

    @Override
    public List<String> files(String revision, String folder) {
        return folder.isEmpty()
                ? git("ls-tree", "-r", "--name-only", revision).lines().toList()
                : git("ls-tree", "-r", "--name-only", revision, folder).lines().toList();
    }

    @Override
    public String message(String revision) {
        return git("log", "-1", "--format=%B", revision);
    }

    @Override
    public List<String> line(String from, String to) {
        String range = from.isEmpty() ? to : from + ".." + to;
        return git("rev-list", "--first-parent", "--reverse", range).lines().toList();
    }

    @Override
    public Map<String, String> refs() {
        var refs = new TreeMap<String, String>();
        git("for-each-ref", "--format=%(refname) %(objectname)").lines().forEach(line -> {
            int space = line.indexOf(' ');
            refs.put(line.substring(0, space), line.substring(space + 1));
        });
        return refs;
    }

    @Override
    public void move(String ref, String revision) {
        git("update-ref", ref, revision);
    }

    @Override
    public void delete(String ref) {
        git("update-ref", "-d", ref);
    }

    @Override
    public void close() {}
}
