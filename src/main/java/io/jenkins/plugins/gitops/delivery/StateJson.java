package io.jenkins.plugins.gitops.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.json.Json;
import io.jenkins.plugins.gitops.repo.ChangeTrailers;
import io.jenkins.plugins.gitops.repo.DecidedChange;
import io.jenkins.plugins.gitops.repo.SetPlace;
import io.jenkins.plugins.gitops.waves.Condition;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The state of a repository as JSON, in the form of spec section 8; what is not known is left out. */
public final class StateJson {

    private StateJson() {}

    /**
     * Writes a state; equal states give equal texts.
     *
     * @param trouble why the repository cannot be driven now, so that the state may be an old one, or null
     * @param hooks what is known of the hooks that tell of changes
     */
    public static String write(RepositoryState state, @Nullable String trouble, List<HookHealth> hooks) {
        ObjectNode root = Json.object();
        root.put("repository", state.repository());
        putIfKnown(root, "trouble", trouble);
        root.putObject("main").put("sha", state.main());
        ArrayNode auto = root.putArray("auto");
        state.auto().forEach(queued -> write(queued, auto.addObject()));
        ArrayNode waves = root.putArray("waves");
        String before = "";
        ArrayNode sets = null;
        for (RepositoryState.Wave wave : state.waves()) {
            if (sets == null || !SetPlace.wave(wave.name()).equals(before)) {
                before = SetPlace.wave(wave.name());
                sets = wave(wave, before, waves.addObject());
            }
            set(state, wave, sets.addObject());
        }
        ArrayNode history = root.putArray("history");
        state.history().forEach(decided -> write(decided, history.addObject()));
        ArrayNode known = root.putArray("hooks");
        hooks.forEach(hook -> write(hook, known.addObject()));
        return Json.write(root);
    }

    private static void write(RepositoryState.Queued queued, ObjectNode node) {
        ChangeStatus status = queued.status();
        node.put("sha", status.sha());
        node.put("id", status.id());
        node.put("subject", status.subject());
        queued.trailers().ifPresent(change -> {
            node.put("target", SetPlace.wave(change.wave()));
            putIfKnown(node, "set", SetPlace.set(change.wave()));
            node.put("operation", change.operation().toString());
        });
        node.put("reason", status.reason());
        putIfKnown(node, "appSha", queued.trailers().map(ChangeTrailers::appSha).orElse(null));
        node.put("verdict", queued.verdict().name().toLowerCase(Locale.ROOT));
        ArrayNode checks = node.putArray("checks");
        for (CheckStatus check : status.checks()) {
            ObjectNode written = checks.addObject();
            written.put("context", check.context());
            written.put("state", check.state().toString());
            putIfKnown(written, "url", check.url());
        }
    }

    /** Writes a wave; returns where its sets go. */
    private static ArrayNode wave(RepositoryState.Wave wave, String name, ObjectNode node) {
        node.put("name", name);
        ArrayNode sets = node.putArray("sets");
        wave.state().hold().ifPresent(hold -> {
            ObjectNode written = node.putObject("hold").put("by", hold.by()).put("reason", hold.reason());
            putIfKnown(written, "until", text(hold.until()));
        });
        ArrayNode targets = node.putArray("targets");
        wave.live().ifPresent(live -> live.rollout().targets().forEach(target -> write(target, targets.addObject())));
        putIfKnown(
                node,
                "trouble",
                wave.live().map(live -> live.rollout().trouble()).orElse(null));
        return sets;
    }

    private static void set(RepositoryState state, RepositoryState.Wave wave, ObjectNode set) {
        // Where there is only one it has no name.
        set.put("name", Objects.requireNonNullElse(SetPlace.set(wave.name()), ""));
        String problem = wave.problem();
        if (problem != null) {
            set.put("problem", problem);
        } else {
            set.put("identity", wave.images().identity());
            ObjectNode images = set.putObject("images");
            wave.images()
                    .images()
                    .forEach((service, image) -> images.putObject(service)
                            .put("Tag", image.tagReference())
                            .put("Digest", image.digestReference()));
        }
        wave.deployed()
                .ifPresent(deployed -> set.putObject("deployed")
                        .put("identity", deployed.identity())
                        .put("sha", deployed.sha())
                        .put("since", deployed.since().toString()));
        wave.live().flatMap(RepositoryState.Live::next).ifPresent(next -> {
            candidate(state, SetPlace.of(next.from(), SetPlace.set(wave.name())))
                    .ifPresent(running -> set.putObject("candidate")
                            .put("identity", running.identity())
                            .put("since", running.since().toString()));
            write(next, set.putObject("next"));
        });
        putIfKnown(set, "starved", wave.starved());
    }

    /** What the wave before runs well, which may be promoted once it has soaked. */
    private static Optional<DeployedSet> candidate(RepositoryState state, String place) {
        return state.waves().stream()
                .filter(wave -> wave.name().equals(place) && !wave.state().unwell())
                .findFirst()
                .flatMap(RepositoryState.Wave::deployed);
    }

    private static void write(RepositoryState.Next next, ObjectNode node) {
        node.put("from", next.from());
        ArrayNode services = node.putArray("services");
        next.services().forEach(services::add);
        node.put("allowed", next.allowed());
        ArrayNode conditions = node.putArray("conditions");
        for (Condition condition : next.conditions()) {
            ObjectNode written = conditions
                    .addObject()
                    .put("name", condition.name())
                    .put("met", condition.met())
                    .put("asked", condition.asked())
                    .put("seen", condition.seen());
            putIfKnown(written, "nextLook", text(condition.nextLook()));
        }
    }

    @CheckForNull
    private static String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static void write(TargetState target, ObjectNode node) {
        node.put("name", target.name());
        node.put("server", target.server());
        node.put("sync", target.sync());
        node.put("health", target.health());
        putIfKnown(node, "revision", target.revision());
        node.put("state", target.state().toString());
        node.put("reason", target.reason());
    }

    private static void write(DecidedChange decided, ObjectNode node) {
        Optional<ChangeTrailers> change = decided.trailers();
        node.put("sha", decided.sha());
        node.put("id", decided.id());
        node.put("when", decided.at().toString());
        putIfKnown(
                node,
                "target",
                change.map(ChangeTrailers::wave).map(SetPlace::wave).orElse(null));
        putIfKnown(
                node, "set", change.map(ChangeTrailers::wave).map(SetPlace::set).orElse(null));
        node.put("outcome", decided.outcome().toString());
        node.put("reason", decided.reason());
        putIfKnown(node, "appSha", change.map(ChangeTrailers::appSha).orElse(null));
        putIfKnown(node, "build", change.map(ChangeTrailers::build).orElse(null));
    }

    private static void write(HookHealth hook, ObjectNode node) {
        node.put("source", hook.source());
        putIfKnown(node, "lastSeen", hook.lastSeen().map(Instant::toString).orElse(null));
        node.put("missed", hook.missed());
    }

    private static void putIfKnown(ObjectNode node, String name, @Nullable String value) {
        if (value != null) {
            node.put(name, value);
        }
    }
}
