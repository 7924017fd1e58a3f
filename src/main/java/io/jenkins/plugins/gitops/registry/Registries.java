package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.images.RepositoryAddress;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/** The image registries that have been asked, with what they share between questions: tokens, and turns. */
final class Registries {

    private final Function<String, RegistrySettings> settings;
    private final Http http;
    private final Tokens tokens;
    private final Map<RegistrySettings, Registry> registries = new HashMap<>();

    Registries(
            HttpClient client,
            Clock clock,
            ScheduledExecutorService timer,
            Function<String, RegistrySettings> settings) {
        this.settings = settings;
        this.http = new Http(client, timer, clock);
        this.tokens = new Tokens(http, clock);
    }

    /** The registry of a repository, by its present settings. */
    synchronized Registry of(RepositoryAddress repository) {
        return registries.computeIfAbsent(settings.apply(repository.registry()), this::fresh);
    }

    /** A registry of which nothing is known yet. */
    Registry fresh(RegistrySettings known) {
        return new Registry(known, http, tokens);
    }
}
