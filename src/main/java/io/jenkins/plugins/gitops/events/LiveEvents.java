package io.jenkins.plugins.gitops.events;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Events that the state ref does not record, as rounds find them; none is noticed while no driver runs. */
public final class LiveEvents {

    private LiveEvents() {}

    /** Finds the events between two rounds. */
    public static List<WaveEvent> between(RepositoryState before, RepositoryState after) {
        var events = new ArrayList<WaveEvent>();
        Set<String> queued = before.auto().stream()
                .map(change -> change.status().id())
                .collect(Collectors.toCollection(HashSet::new));
        for (RepositoryState.QueuedChange change : after.auto()) {
            if (!queued.contains(change.status().id())) {
                events.add(queued(after, change));
            }
        }
        Set<WavePath> starved = before.waves().stream()
                .filter(wave -> wave.warnings().starved().isPresent())
                .map(RepositoryState.WaveSnapshot::path)
                .collect(Collectors.toSet());
        for (RepositoryState.WaveSnapshot wave : after.waves()) {
            if (wave.warnings().starved().isPresent() && !starved.contains(wave.path())) {
                events.add(WaveEvent.of(
                        EventType.STARVED,
                        after.repository(),
                        after.at(),
                        Optional.of(wave.path()),
                        Map.of("reason", wave.warnings().starved().get()),
                        Optional.empty(),
                        wave.images().identity()));
            }
        }
        return events;
    }

    private static WaveEvent queued(RepositoryState state, RepositoryState.QueuedChange change) {
        var facts = new TreeMap<String, String>();
        facts.put("change", change.status().id());
        facts.put("sha", change.status().sha());
        Optional<ChangeTrailers> trailers = change.trailers();
        trailers.flatMap(ChangeTrailers::appSha).ifPresent(sha -> facts.put("appSha", sha));
        trailers.flatMap(ChangeTrailers::buildUrl).ifPresent(url -> facts.put("build", url));
        trailers.ifPresent(its -> facts.put("operation", its.operation().toString()));
        return WaveEvent.of(
                EventType.QUEUED,
                state.repository(),
                state.at(),
                trailers.map(ChangeTrailers::wavePath),
                facts,
                Optional.empty(),
                change.status().id());
    }

    /** Somebody rewrote main. */
    public static WaveEvent mainRewritten(String repository, Instant at, String sentence) {
        return WaveEvent.of(
                EventType.MAIN_REWRITTEN,
                repository,
                at,
                Optional.empty(),
                Map.of("reason", sentence),
                Optional.empty(),
                sentence);
    }

    /** A webhook of a forge misses changes. */
    public static WaveEvent hookMissing(String repository, Instant at, String source, String controller) {
        return WaveEvent.of(
                EventType.HOOK_MISSING,
                repository,
                at,
                Optional.empty(),
                Map.of("source", source, "reason", "the webhook of " + source + " misses changes"),
                Optional.of(controller),
                source + "\n" + controller + "\n" + at);
    }
}
