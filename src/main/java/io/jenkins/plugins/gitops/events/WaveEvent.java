package io.jenkins.plugins.gitops.events;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Something that happened to a change or a wave.
 *
 * @param id the same on every controller, and for every time that the event is told
 * @param repository the name of the config repository
 * @param at when it happened
 * @param path the wave, or one of its sets; empty where the event is of no wave
 * @param facts what else is known, by name: {@code change}, {@code subject}, {@code reason}, {@code operation}, {@code
 *     sha}, {@code appSha}, {@code build}, {@code by}, {@code identity}, {@code digest}, {@code name}, {@code result},
 *     {@code before}, {@code source}
 * @param controller the URL of the controller that decided or recorded it; empty if that is not known
 */
public record WaveEvent(
        String id,
        EventType type,
        String repository,
        Instant at,
        Optional<WavePath> path,
        Map<String, String> facts,
        Optional<String> controller) {

    public WaveEvent {
        facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    }

    /**
     * Creates an event with an id.
     *
     * @param key what tells the event from all others of its type in the repository
     */
    static WaveEvent of(
            EventType type,
            String repository,
            Instant at,
            Optional<WavePath> path,
            Map<String, String> facts,
            Optional<String> controller,
            String key) {
        String all =
                repository + "\n" + type + "\n" + path.map(WavePath::toString).orElse("") + "\n" + key;
        return new WaveEvent(HexDigest.sha256(all).substring(0, 32), type, repository, at, path, facts, controller);
    }

    /**
     * The end of a change.
     *
     * @param controller the URL of the controller that recorded it; empty if that is not known
     */
    public static WaveEvent endOf(DecidedChange change, String repository, Optional<String> controller) {
        EventType type =
                switch (change.outcome()) {
                    case MERGED -> EventType.MERGED;
                    case SATISFIED -> EventType.SATISFIED;
                    case SUPERSEDED -> EventType.SUPERSEDED;
                    case EVICTED -> EventType.EVICTED;
                    case LOST -> EventType.LOST;
                };
        var facts = new TreeMap<String, String>();
        facts.put("change", change.id());
        facts.put("subject", change.subject());
        facts.put("reason", change.reason());
        facts.put("sha", change.mainSha().orElse(change.sha()));
        change.cause().ifPresent(cause -> facts.put("cause", cause));
        Optional<ChangeTrailers> trailers = change.trailers();
        trailers.flatMap(ChangeTrailers::appSha).ifPresent(sha -> facts.put("appSha", sha));
        trailers.flatMap(ChangeTrailers::buildUrl).ifPresent(url -> facts.put("build", url));
        trailers.ifPresent(its -> facts.put("operation", its.operation().toString()));
        return of(
                type,
                repository,
                change.at(),
                trailers.map(ChangeTrailers::wavePath),
                facts,
                controller,
                keyOf(change));
    }

    /** What tells the end of a change from those of others. */
    static String keyOf(DecidedChange change) {
        return change.id() + "\n" + change.at();
    }

    /** A fact by its name. */
    public Optional<String> fact(String name) {
        return Optional.ofNullable(facts.get(name));
    }

    /** The event in a sentence for people. */
    public String sentence() {
        String what =
                fact("subject").or(() -> fact("name")).or(() -> fact("digest")).orElse("");
        String where = path.map(wave -> " in " + wave).orElse("");
        String why = fact("reason")
                .filter(reason -> !reason.isEmpty())
                .map(reason -> ": " + reason)
                .orElse("");
        return repository + ": " + type + (what.isEmpty() ? "" : " " + what) + where + why
                + (why.endsWith(".") ? "" : ".");
    }
}
