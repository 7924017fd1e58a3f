package io.jenkins.plugins.gitops.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.CommitRange;
import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.HookHealth;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.remote.AddressForm;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
import io.jenkins.plugins.gitops.waves.VerificationResult;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes the state of a repository as the JSON of the state endpoint. Unknown values are left out. Equal states give
 * equal texts. The history is a separate text, since it is long and seldom changes.
 */
public final class StateJson {

    private static final int TAG_LENGTH = 32;

    private StateJson() {}

    /**
     * Writes a state, all but the past.
     *
     * @param past the tag of the past that belongs to it
     */
    public static String present(RepositoryState state, ControllerFacts facts, String past) {
        ReleaseNames releases = ReleaseNames.of(state);
        var sentences = new StatusText(state.repository(), state.mainBranch(), releases);
        ObjectNode root = Json.object();
        root.put("repository", state.repository());
        if (facts.trouble().isPresent()) {
            root.put("trouble", facts.trouble().get());
            root.put("seen", state.at().toString());
        }
        if (!state.problems().isEmpty()) {
            ArrayNode problems = root.putArray("problems");
            state.problems().forEach(problems::add);
        }
        root.putObject("main").put("branch", state.mainBranch()).put("sha", state.main());
        if (!facts.links().isEmpty()) {
            ObjectNode written = root.putObject("links");
            new TreeMap<>(facts.links()).forEach(written::put);
        }
        if (!facts.commits().isEmpty()) {
            ObjectNode written = root.putObject("commits");
            new TreeMap<>(facts.commits()).forEach((pair, range) -> write(range, written.putObject(pair)));
        }
        ArrayNode auto = root.putArray("auto");
        for (RepositoryState.QueuedChange queued : state.auto()) {
            ObjectNode written = auto.addObject();
            write(queued, written);
            queued.trailers().flatMap(releases::of).ifPresent(release -> written.put("release", release.name()));
            why(sentences.of(queued, auto.size()), written);
        }
        ArrayNode waves = root.putArray("waves");
        String before = "";
        ArrayNode sets = null;
        for (RepositoryState.WaveSnapshot wave : state.waves()) {
            if (sets == null || !wave.path().wave().equals(before)) {
                before = wave.path().wave();
                ObjectNode written = waves.addObject();
                sets = wave(wave, before, written);
                written.put("promotionJob", facts.promotionJobs().contains(before));
            }
            ObjectNode set = sets.addObject();
            set(state, wave, set);
            why(sentences.of(wave), set);
        }
        ArrayNode rejected = root.putArray("rejected");
        new TreeMap<>(state.rejections().byDigest())
                .forEach((digest, rejection) -> rejected.addObject()
                        .put("digest", digest)
                        .put("by", rejection.by())
                        .put("reason", rejection.reason())
                        .put("at", rejection.at()));
        ArrayNode known = root.putArray("hooks");
        facts.hooks().forEach(hook -> write(hook, known.addObject()));
        root.put("past", past);
        return Json.write(Json.withSingleLines(root));
    }

    /** Appends the history to the rest. */
    public static String join(String present, String past) {
        return present.substring(0, present.lastIndexOf("\n}")) + ",\n" + past + "}\n";
    }

    /** An entry of the history. */
    static ObjectNode ended(
            DecidedChange decided, @Nullable RepositoryState.BroughtImages brought, StatusText sentences) {
        ObjectNode written = Json.object();
        write(decided, written);
        write(brought, written);
        why(sentences.of(decided), written);
        return written;
    }

    /** A short text that differs where texts differ. */
    public static String tag(String text) {
        return HexDigest.sha256(text).substring(0, TAG_LENGTH);
    }

    private static void why(List<String> sentences, ObjectNode node) {
        ArrayNode why = node.putArray("why");
        sentences.forEach(why::add);
    }

    private static void write(@Nullable RepositoryState.BroughtImages brought, ObjectNode node) {
        if (brought != null) {
            putIfKnown(node, "author", brought.author().isEmpty() ? null : brought.author());
            putIfKnown(node, "identity", brought.identity().isEmpty() ? null : brought.identity());
            if (!brought.images().isEmpty()) {
                images(brought.images(), node.putObject("images"));
            }
        }
    }

    private static void images(Map<String, ImageRef> images, ObjectNode node) {
        images.forEach((service, image) ->
                node.putObject(service).put("Tag", image.tagReference()).put("Digest", image.digestReference()));
    }

    static void write(ReleaseNames.Release release, ObjectNode node) {
        node.put("name", release.name());
        release.number().ifPresent(number -> node.put("number", number));
        putIfKnown(node, "build", release.build().orElse(null));
        putIfKnown(node, "appSha", release.appSha().orElse(null));
        putIfKnown(node, "at", release.at().map(Instant::toString).orElse(null));
    }

    /** Writes the commits between two releases. */
    public static void write(CommitRange range, ObjectNode node) {
        if (range.problem().isPresent()) {
            node.put("problem", range.problem().get());
            return;
        }
        node.put("count", range.count());
        node.put("more", range.more());
        ArrayNode list = node.putArray("newest");
        range.newest()
                .forEach(commit -> list.addObject()
                        .put("sha", commit.sha())
                        .put("subject", commit.subject())
                        .put("author", commit.author())
                        .put("at", commit.at().toString()));
    }

    private static void services(ChangeTrailers change, ObjectNode node) {
        ArrayNode services = node.putArray("services");
        change.services().forEach(services::add);
    }

    private static void write(RepositoryState.QueuedChange queued, ObjectNode node) {
        ChangeStatus status = queued.status();
        node.put("sha", status.sha());
        node.put("id", status.id());
        node.put("subject", status.subject());
        queued.trailers().ifPresent(change -> {
            node.put("target", change.wavePath().wave());
            putIfKnown(node, "set", change.wavePath().set().orElse(null));
            node.put("operation", change.operation().toString());
            services(change, node);
        });
        node.put("since", status.since().toString());
        node.put("reason", status.reason());
        putIfKnown(
                node,
                "appSha",
                queued.trailers().flatMap(ChangeTrailers::appSha).orElse(null));
        putIfKnown(node, "build", build(queued.trailers()));
        node.put("verdict", queued.verdict().name().toLowerCase(Locale.ROOT));
        checks(status.checks(), node);
    }

    /** Trailers can be written by hand, so that only the address of a web page is passed on. */
    @CheckForNull
    private static String build(Optional<ChangeTrailers> trailers) {
        return trailers.flatMap(ChangeTrailers::buildUrl)
                .flatMap(AddressForm::webPage)
                .orElse(null);
    }

    private static void checks(List<CheckStatus> checks, ObjectNode node) {
        ArrayNode list = node.putArray("checks");
        for (CheckStatus check : checks) {
            ObjectNode written = list.addObject();
            written.put("context", check.context());
            written.put("state", check.state().toString());
            putIfKnown(written, "url", check.url().orElse(null));
        }
    }

    /** Writes a wave; returns where its sets go. */
    private static ArrayNode wave(RepositoryState.WaveSnapshot wave, String name, ObjectNode node) {
        node.put("name", name);
        if (!wave.promotesFrom().isEmpty()) {
            node.put("from", String.join(", ", wave.promotesFrom()));
        }
        if (wave.promotesFrom().size() > 1) {
            ArrayNode sources = node.putArray("promotesFrom");
            wave.promotesFrom().forEach(sources::add);
        }
        ArrayNode sets = node.putArray("sets");
        wave.state().hold().ifPresent(hold -> {
            ObjectNode written = node.putObject("hold").put("by", hold.by()).put("reason", hold.reason());
            written.put("since", hold.since().toString());
            putIfKnown(written, "until", text(hold.until().orElse(null)));
        });
        ArrayNode targets = node.putArray("targets");
        wave.live().ifPresent(live -> live.rollout().targets().forEach(target -> write(target, targets.addObject())));
        putIfKnown(
                node,
                "trouble",
                wave.live().flatMap(live -> live.rollout().trouble()).orElse(null));
        return sets;
    }

    private static void set(RepositoryState state, RepositoryState.WaveSnapshot wave, ObjectNode set) {
        // Where there is only one it has no name.
        set.put("name", wave.path().set().orElse(""));
        if (wave.warnings().problem().isPresent()) {
            set.put("problem", wave.warnings().problem().get());
        } else {
            set.put("identity", wave.images().identity());
            images(wave.images().images(), set.putObject("images"));
        }
        wave.deployed()
                .ifPresent(deployed -> set.putObject("deployed")
                        .put("identity", deployed.identity())
                        .put("sha", deployed.sha())
                        .put("since", deployed.since().toString()));
        verifications(wave, set);
        qualified(wave, set);
        wave.live().flatMap(RepositoryState.LiveState::next).ifPresent(next -> {
            approvals(wave, next, set);
            candidate(state, wave.path().in(next.from()))
                    .ifPresent(running -> set.putObject("candidate")
                            .put("identity", running.identity())
                            .put("since", running.since().toString()));
            write(next, set.putObject("next"));
        });
        putIfKnown(set, "starved", wave.warnings().starved().orElse(null));
        putIfKnown(set, "unmentioned", wave.warnings().unmentioned().orElse(null));
    }

    /** Where the verifications of the set are that the wave runs. */
    private static void verifications(RepositoryState.WaveSnapshot wave, ObjectNode set) {
        ArrayNode list = Json.object().putArray("verifications");
        for (VerificationResult result : wave.state().verifications()) {
            boolean runs = wave.deployed()
                    .filter(deployed -> deployed.identity().equals(result.identity()))
                    .isPresent();
            if (runs) {
                ObjectNode written = list.addObject()
                        .put("name", result.name())
                        .put("state", result.state().toString())
                        .put("at", result.at().toString())
                        .put("attempt", result.attempt())
                        .put("by", result.by())
                        .put("reason", result.reason());
                putIfKnown(written, "url", AddressForm.webPage(result.url()).orElse(null));
            }
        }
        if (!list.isEmpty()) {
            set.set("verifications", list);
        }
    }

    /** The sets that may be chosen for a promotion, newest first. */
    private static void qualified(RepositoryState.WaveSnapshot wave, ObjectNode set) {
        ArrayNode list = Json.object().putArray("qualified");
        for (int i = wave.state().qualified().size() - 1; i >= 0; i--) {
            QualifiedSet qualified = wave.state().qualified().get(i);
            ObjectNode written = list.addObject()
                    .put("identity", qualified.identity())
                    .put("sha", qualified.sha())
                    .put("at", qualified.at().toString());
            putIfKnown(written, "from", qualified.from().orElse(null));
        }
        if (!list.isEmpty()) {
            set.set("qualified", list);
        }
    }

    /** Who approved the set that would be promoted. */
    private static void approvals(
            RepositoryState.WaveSnapshot wave, RepositoryState.NextPromotion next, ObjectNode set) {
        boolean asked = next.conditions().stream()
                .anyMatch(condition -> condition.name().equals(PromotionCondition.APPROVED));
        if (asked) {
            ArrayNode list = set.putArray("approvals");
            wave.state().approvals().stream()
                    .filter(approval -> approval.identity().equals(next.identity()))
                    .forEach(approval -> list.addObject()
                            .put("by", approval.by())
                            .put("comment", approval.comment())
                            .put("at", approval.at().toString()));
        }
    }

    /** What the wave before runs well, which may be promoted once it has soaked. */
    private static Optional<DeployedSet> candidate(RepositoryState state, WavePath path) {
        return state.waves().stream()
                .filter(wave -> wave.path().equals(path) && !wave.state().unwell())
                .findFirst()
                .flatMap(RepositoryState.WaveSnapshot::deployed);
    }

    private static void write(RepositoryState.NextPromotion next, ObjectNode node) {
        node.put("from", next.from());
        putIfKnown(node, "sha", next.sha().isEmpty() ? null : next.sha());
        putIfKnown(node, "identity", next.identity().isEmpty() ? null : next.identity());
        ArrayNode services = node.putArray("services");
        next.services().forEach(services::add);
        images(next.images(), node.putObject("images"));
        node.put("allowed", next.allowed());
        ArrayNode conditions = node.putArray("conditions");
        for (PromotionCondition condition : next.conditions()) {
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
        node.put("namespace", target.id().namespace());
        node.put("server", target.server());
        node.put("sync", target.sync().orElse(""));
        node.put("health", target.health().orElse(""));
        putIfKnown(node, "revision", target.revision().orElse(null));
        node.put("state", target.state().toString());
        node.put("reason", target.reason());
    }

    private static void write(DecidedChange decided, ObjectNode node) {
        Optional<ChangeTrailers> change = decided.trailers();
        node.put("sha", decided.sha());
        node.put("id", decided.id());
        node.put("when", decided.at().toString());
        node.put("subject", decided.subject());
        change.ifPresent(known -> {
            node.put("target", known.wavePath().wave());
            putIfKnown(node, "set", known.wavePath().set().orElse(null));
            node.put("operation", known.operation().toString());
            services(known, node);
        });
        node.put("outcome", decided.outcome().toString());
        node.put("reason", decided.reason());
        node.put("by", decided.by());
        putIfKnown(node, "mainSha", decided.mainSha().orElse(null));
        putIfKnown(node, "appSha", change.flatMap(ChangeTrailers::appSha).orElse(null));
        putIfKnown(node, "build", build(change));
        if (decided.outcome() == Outcome.EVICTED) {
            checks(decided.checks(), node);
        }
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
