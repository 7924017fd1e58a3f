package io.jenkins.plugins.gitops.events;

import io.jenkins.plugins.gitops.remote.AddressForm;
import io.jenkins.plugins.gitops.remote.RemoteAddress.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A receiver of webhooks.
 *
 * @param url to which each event is posted
 * @param events the types that it wants; empty for all
 * @param waves the waves of which it wants events; empty for all, and for events of no wave
 * @param allowInsecure whether the url may be plain http
 */
public record NotificationSettings(String url, List<String> events, List<String> waves, boolean allowInsecure) {

    private static final AddressForm FORM = new AddressForm(
            Set.of(Protocol.HTTPS, Protocol.HTTP),
            "https://hooks.example.com/gitops",
            "take them out; the receiver knows the sender by secretId.",
            true);

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException with a sentence that does not repeat the url, which may hold a secret
     */
    public NotificationSettings {
        events = List.copyOf(events);
        waves = List.copyOf(waves);
        urlProblem(url, allowInsecure).ifPresent(problem -> {
            throw new IllegalArgumentException("url " + problem);
        });
        for (String event : events) {
            if (EventType.of(event).isEmpty()) {
                throw new IllegalArgumentException(
                        "events: \"" + event + "\" is not an event; write some of " + String.join(", ", names()) + ".");
            }
        }
    }

    private static List<String> names() {
        return List.of(EventType.values()).stream().map(EventType::toString).toList();
    }

    /** Why an address cannot be used, as the end of a sentence that begins with the name of the field. */
    public static Optional<String> urlProblem(String url, boolean allowInsecure) {
        return FORM.problem(url, allowInsecure);
    }

    /** Scheme and host, for messages; the path may hold a secret. */
    String shown() {
        return FORM.parse(url, allowInsecure).origin();
    }

    boolean wants(WaveEvent event) {
        boolean ofWave = waves.isEmpty()
                || event.path().filter(path -> waves.contains(path.wave())).isPresent();
        return ofWave && (events.isEmpty() || events.contains(event.type().toString()));
    }
}
