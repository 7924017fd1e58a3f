package io.jenkins.plugins.gitops.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.world.HttpConversation;
import io.jenkins.plugins.gitops.world.HttpConversation.Entry;
import io.jenkins.plugins.gitops.world.HttpConversation.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A recorded conversation with a real Argo CD: the commits that were made meanwhile, as the notes have them, and what was
 * said of the applications, in its order.
 */
final class RecordedArgoCd {

    private static final String APPLICATIONS = "/api/v1/applications";
    private static final String STREAM = "/api/v1/stream/applications";
    private static final String DATA = "data: ";

    /** The commits so far, oldest first, and their sets. */
    private final Map<String, ImageSet> commits = new LinkedHashMap<>();

    private final HttpConversation conversation;
    private final String repository;

    /**
     * What was said at one time.
     *
     * @param commit the number of the newest commit, from 1 on
     * @param applications all applications as they were known then
     * @param said the one of which something was said, or empty for a list
     */
    record Moment(int commit, Map<Application.ApplicationId, Application> applications, Optional<JsonNode> said) {}

    RecordedArgoCd(Path file) throws IOException {
        conversation = HttpConversation.read(file);
        repository = Json.parse(conversation.of(Kind.NOTE).get(0).body())
                .path("repository")
                .asText();
    }

    HttpConversation conversation() {
        return conversation;
    }

    /** The sets of all commits, oldest first, by their SHAs. */
    Map<String, ImageSet> commits() {
        return commits;
    }

    /** Returns what was said, in its order. Of a list and of the stream both are taken, as a watch does. */
    List<Moment> moments() {
        var moments = new ArrayList<Moment>();
        var known = new TreeMap<Application.ApplicationId, Application>();
        commits.clear();
        for (Entry entry : conversation.entries()) {
            JsonNode event = null;
            if (entry.kind() == Kind.NOTE) {
                commit(Json.parse(entry.body()));
            } else if (entry.kind() == Kind.ANSWER
                    && entry.status() == 200
                    && entry.path().startsWith(APPLICATIONS + "?")) {
                known.clear();
                Json.parse(entry.body()).path("items").forEach(item -> put(known, item));
                moments.add(new Moment(commits.size(), Map.copyOf(known), Optional.empty()));
            } else if (entry.kind() == Kind.PART
                    && entry.path().startsWith(STREAM)
                    && entry.body().startsWith(DATA)) {
                event = Json.parse(entry.body().substring(DATA.length())).path("result");
            }
            if (event != null && !event.isMissingNode()) {
                JsonNode application = event.path("application");
                Application said = put(known, application);
                if (event.path("type").asText().equals("DELETED")) {
                    known.remove(said.id());
                }
                moments.add(new Moment(commits.size(), Map.copyOf(known), Optional.of(application)));
            }
        }
        return moments;
    }

    private static Application put(Map<Application.ApplicationId, Application> known, JsonNode json) {
        Application application = ApplicationJson.read(json).application();
        known.put(application.id(), application);
        return application;
    }

    private void commit(JsonNode note) {
        if (note.has("commit")) {
            var images = new TreeMap<String, ImageRef>();
            note.path("set")
                    .properties()
                    .forEach(image ->
                            images.put(image.getKey(), image(image.getValue().asText())));
            commits.put(note.path("commit").asText(), ImageSet.of(images));
        }
    }

    /** An image as the notes write it: {@code repository:tag@digest}. */
    private static ImageRef image(String text) {
        int at = text.indexOf('@');
        int colon = text.lastIndexOf(':', at);
        return new ImageRef(text.substring(0, colon), text.substring(colon + 1, at), text.substring(at + 1));
    }

    /** The commits up to a moment as a line, which is what a clone knows of main then. */
    RolloutJudge.CommitHistory history(int newest) {
        return new LinearHistory(List.copyOf(commits.keySet()).subList(0, newest), commits);
    }

    /** Judges the targets at a moment, by the newest commit that there was. */
    Rollout judge(Moment moment, TargetSelection targets) throws IOException {
        String wanted = List.copyOf(commits.keySet()).get(moment.commit() - 1);
        var snapshot = new ServerSnapshot(moment.applications(), true, Optional.empty());
        return new RolloutJudge(
                        targets,
                        new RolloutJudge.ConfigRepository(repository, "main"),
                        snapshot,
                        history(moment.commit()),
                        RolloutRequirement.ALL)
                .judge(Optional.of(wanted));
    }
}
