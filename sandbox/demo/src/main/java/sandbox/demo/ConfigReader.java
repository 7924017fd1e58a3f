package sandbox.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the config repository with the git command line. The demo's statements about the repository come from it. */
final class ConfigReader {

    static final String STATE = "refs/gitops-waves/main/state";
    static final String NOTES = "gitops-waves";

    /** The waves of the example, in the order in which they receive images. */
    static final List<String> WAVES = List.of("staging", "internal", "production");

    private final Path repository;
    private final ObjectMapper json = new ObjectMapper();

    ConfigReader(Path repository) {
        this.repository = repository;
    }

    /** One image in the files of a wave. */
    record Image(String tag, String digest) {

        /** The app commit that the image was built from. */
        String commit() {
            return tag.substring(tag.lastIndexOf(':') + 1);
        }

        /** The shortened digest without its repository. */
        String shortDigest() {
            String own = digest.substring(digest.indexOf('@') + 1);
            return own.substring(0, Math.min("sha256:".length() + 12, own.length()));
        }
    }

    /** A change that has ended: its time, id, last commit, subject, outcome and the reason of the outcome. */
    record EndedChange(String at, String id, String sha, String subject, String outcome, String reason) {}

    /** A commit with its trailers, one per line, and the text of its git note; either may be empty. */
    record Commit(String sha, String author, String date, String subject, String trailers, String note) {}

    /**
     * What a wave runs: the identity of the image set, the config commit from which it was deployed, and the time since
     * when.
     */
    record Deployed(String identity, String sha, String since) {}

    String git(String... arguments) {
        return GitCli.run(repository, arguments).strip();
    }

    List<String> lines(String... arguments) {
        return GitCli.run(repository, arguments).lines().toList();
    }

    String commit(String revision) {
        return git("rev-parse", "--verify", revision + "^{commit}");
    }

    boolean exists(String revision) {
        return GitCli.succeeds(repository, "rev-parse", "--verify", "--quiet", revision);
    }

    /** The queued commits of auto, oldest first. */
    List<String> queued() {
        return exists("refs/heads/auto") ? lines("rev-list", "--reverse", "main..auto") : List.of();
    }

    String subject(String commit) {
        return git("log", "-1", "--format=%s", commit);
    }

    String trailer(String commit, String key) {
        return git("log", "-1", "--format=%(trailers:key=" + key + ",valueonly)", commit);
    }

    String appCommit(String commit) {
        return trailer(commit, "Autocommit-App-SHA");
    }

    String id(String commit) {
        return trailer(commit, "Autocommit-Id");
    }

    String parent(String commit) {
        return commit(commit + "^");
    }

    /** The commits on main with this trailer, newest first. */
    List<String> onMain(String trailer, String value) {
        return lines("log", "--format=%H", "--fixed-strings", "--grep=" + trailer + ": " + value, "main");
    }

    /** The git note of a commit with the checks for which main was moved to it; empty if there is none. */
    String evidence(String commit) {
        return git("log", "-1", "--notes=" + NOTES, "--format=%N", commit);
    }

    /** The images of a wave in a commit, by service; empty if the wave has none yet. */
    SortedMap<String, Image> images(String commit, String wave) {
        SortedMap<String, Image> images = new TreeMap<>();
        if (!exists(commit + ":images/" + wave)) {
            return images;
        }
        JsonNode tags = file(commit, "images/" + wave + "/tags.json");
        JsonNode digests = file(commit, "images/" + wave + "/digests.json");
        tags.fieldNames()
                .forEachRemaining(service -> images.put(
                        service,
                        new Image(
                                tags.path(service).asText(),
                                digests.path(service).asText())));
        return images;
    }

    /** The names of the services that a wave has in a commit. */
    String services(String commit, String wave) {
        return String.join(", ", images(commit, wave).keySet());
    }

    /** The deployed set of a wave, from the state ref; empty if none is recorded yet. */
    Optional<Deployed> deployed(String wave) {
        String path = "waves/" + wave + ".json";
        if (!exists(STATE + ":" + path)) {
            return Optional.empty();
        }
        JsonNode deployed = file(STATE, path).path("deployed");
        return Optional.of(new Deployed(
                deployed.path("identity").asText(),
                deployed.path("sha").asText(),
                deployed.path("since").asText()));
    }

    /** The commits of a ref, newest first. */
    List<Commit> log(String revision) {
        List<Commit> commits = new ArrayList<>();
        String format = "--format=%H%x1f%an%x1f%aI%x1f%s%x1f%(trailers:only)%x1f%N%x1e";
        for (String commit : GitCli.run(repository, "log", "--notes=" + NOTES, format, revision)
                .split("\u001e\n")) {
            String[] parts = commit.split("\u001f", -1);
            commits.add(new Commit(parts[0], parts[1], parts[2], parts[3], parts[4].strip(), parts[5].strip()));
        }
        return commits;
    }

    /** Every ref of the repository, as {@code <object> <name>}. */
    List<String> refs() {
        return lines("for-each-ref", "--format=%(objectname) %(refname)");
    }

    JsonNode file(String revision, String path) {
        String text = git("show", revision + ":" + path);
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UnexpectedState("The file " + path + " of " + revision + " is not JSON: " + text);
        }
    }

    /** Every change whose end is recorded in the state ref, oldest first. */
    List<EndedChange> decided() {
        List<EndedChange> decided = new ArrayList<>();
        if (exists(STATE)) {
            for (String path : lines("ls-tree", "-r", "--name-only", STATE, "changes/")) {
                JsonNode change = file(STATE, path);
                decided.add(new EndedChange(
                        change.path("at").asText(),
                        change.path("id").asText(),
                        change.path("sha").asText(),
                        change.path("subject").asText(),
                        change.path("outcome").asText(),
                        change.path("reason").asText()));
            }
        }
        decided.sort(Comparator.comparing(EndedChange::at));
        return decided;
    }

    /** The recorded end of a change by its id. */
    EndedChange decided(String id) {
        return decided().stream()
                .filter(change -> change.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new UnexpectedState("The state does not record how the change " + id + " ended."));
    }

    /** The commits of the reflog of a branch, oldest first. */
    List<String> positions(String branch) {
        List<String> positions = new ArrayList<>(lines("log", "-g", "--format=%H", "refs/heads/" + branch));
        Collections.reverse(positions);
        return positions;
    }

    boolean isAncestor(String ancestor, String descendant) {
        return GitCli.succeeds(repository, "merge-base", "--is-ancestor", ancestor, descendant);
    }

    static String shortened(String sha) {
        return sha.substring(0, Math.min(10, sha.length()));
    }
}
