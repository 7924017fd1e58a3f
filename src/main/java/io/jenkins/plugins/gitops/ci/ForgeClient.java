package io.jenkins.plugins.gitops.ci;

import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** A forge that has the config repository, and says what CI found of its commits. */
public interface ForgeClient extends StatusSource, AutoCloseable {

    /** What is asked. */
    ForgeSettings settings();

    @Override
    default String name() {
        return settings().kind().source();
    }

    /** Looks whether the repository can be seen with the token as it is now; fails as {@link #ask} does. */
    CompletableFuture<Void> look();

    /** Has the forge show a status of ours on a commit; fails as {@link #ask} does. */
    CompletableFuture<Void> post(String sha, OutgoingStatus status);

    /** Leaves the budget to the others. */
    @Override
    void close();

    /**
     * Makes a forge of its settings.
     *
     * @param client must not follow redirects, which would take the token elsewhere
     * @param timer gives up on requests that are not answered
     * @param pool asks for the token, which may take its time
     * @param budget of the account that the token belongs to, at this address
     */
    static ForgeClient of(
            ForgeSettings settings,
            HttpClient client,
            ScheduledExecutorService timer,
            Executor pool,
            ForgeToken token,
            RateLimit budget) {
        var outside = new ForgeHttpClient.Outside(client, timer, pool);
        return switch (settings.kind()) {
            case GITHUB -> new GitHubClient(settings, outside, token, budget);
            case GITLAB -> new GitLabClient(settings, outside, token, budget);
            case GITEA -> new GiteaClient(settings, outside, token, budget);
        };
    }
}
