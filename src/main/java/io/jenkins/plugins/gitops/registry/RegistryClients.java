package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.images.ImageRepositoryName;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/** The image registries that have been asked, with what they share between questions: tokens, and turns. */
final class RegistryClients {

    private final Function<String, RegistrySettings> settings;
    private final RetryingClient http;
    private final TokenCache tokens;
    private final Map<RegistrySettings, RegistryClient> registries = new HashMap<>();

    RegistryClients(
            HttpClient client,
            Clock clock,
            ScheduledExecutorService timer,
            Function<String, RegistrySettings> settings) {
        this.settings = settings;
        this.http = new RetryingClient(client, timer, clock);
        this.tokens = new TokenCache(http, clock);
    }

    /** The registry of a repository, by its present settings. */
    synchronized RegistryClient of(ImageRepositoryName repository) {
        return registries.computeIfAbsent(settings.apply(repository.registry()), this::fresh);
    }

    /** A registry of which nothing is known yet. */
    RegistryClient fresh(RegistrySettings known) {
        return new RegistryClient(known, http, tokens);
    }
}
