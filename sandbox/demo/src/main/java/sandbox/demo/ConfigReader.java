package sandbox.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.world.Git;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the config repository with git's own command line: what the demo says of it comes from here. */
final class ConfigReader {

    static final String STATE = "refs/gitops-waves/main/state";
    static final String NOTES = "gitops-waves";

    private final Path repository;
    private final ObjectMapper json = new ObjectMapper();

    ConfigReader(Path repository) {
        this.repository = repository;
    }

    /** One image as the files of a wave name it. */
    record Image(String tag, String digest) {

        /** The app commit that the image was built from. */
        String commit() {
            return tag.substring(tag.lastIndexOf(':') + 1);
        }
    }

    /** A change that has ended: its last commit, and how and why it ended. */
    record Decided(String at, String id, String sha, String subject, String outcome, String reason) {}

    String git(String... arguments) {
        return Git.run(repository, arguments).strip();
    }

    List<String> lines(String... arguments) {
        return Git.run(repository, arguments).lines().toList();
    }

    String commit(String revision) {
        return git("rev-parse", "--verify", revision + "^{commit}");
    }

    boolean exists(String revision) {
        return Git.succeeds(repository, "rev-parse", "--verify", "--quiet", revision);
    }

    /** The commits that wait on auto, the oldest first. */
    List<String> queued() {
        return exists("refs/heads/auto") ? lines("rev-list", "--reverse", "main..auto") : List.of();
    }

    String subject(String commit) {
        return git("log", "-1", "--format=%s", commit);
    }

    String trailer(String commit, String key) {
        return git("log", "-1", "--format=%(trailers:key=" + key + ",valueonly)", commit);
    }

    /** The evidence with which main was moved to a commit; empty if there is none. */
    String evidence(String commit) {
        return git("log", "-1", "--notes=" + NOTES, "--format=%N", commit);
    }

    /** The images of staging in a commit, by service. */
    SortedMap<String, Image> images(String commit) {
        JsonNode tags = file(commit, "images/staging/tags.json");
        JsonNode digests = file(commit, "images/staging/digests.json");
        SortedMap<String, Image> images = new TreeMap<>();
        tags.fieldNames()
                .forEachRemaining(service -> images.put(
                        service,
                        new Image(
                                tags.path(service).asText(),
                                digests.path(service).asText())));
        return images;
    }

    JsonNode file(String revision, String path) {
        String text = git("show", revision + ":" + path);
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new Surprise("The file " + path + " of " + revision + " is not JSON: " + text);
        }
    }

    /** Every change whose end is recorded in the state, the oldest first. */
    List<Decided> decided() {
        List<Decided> decided = new ArrayList<>();
        if (exists(STATE)) {
            for (String path : lines("ls-tree", "-r", "--name-only", STATE, "changes/")) {
                JsonNode change = file(STATE, path);
                decided.add(new Decided(
                        change.path("at").asText(),
                        change.path("id").asText(),
                        change.path("sha").asText(),
                        change.path("subject").asText(),
                        change.path("outcome").asText(),
                        change.path("reason").asText()));
            }
        }
        decided.sort(Comparator.comparing(Decided::at));
        return decided;
    }

    /** The change with the id, as the state records its end. */
    Decided decided(String id) {
        return decided().stream()
                .filter(change -> change.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new Surprise("The state does not record how the change " + id + " ended."));
    }

    /** Where a branch has pointed, the oldest first. */
    List<String> positions(String branch) {
        List<String> positions = new ArrayList<>(lines("log", "-g", "--format=%H", "refs/heads/" + branch));
        Collections.reverse(positions);
        return positions;
    }

    boolean isAncestor(String ancestor, String descendant) {
        return Git.succeeds(repository, "merge-base", "--is-ancestor", ancestor, descendant);
    }

    static String shortened(String sha) {
        return sha.substring(0, Math.min(10, sha.length()));
    }
}
