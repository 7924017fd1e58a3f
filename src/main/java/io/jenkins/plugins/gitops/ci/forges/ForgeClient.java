package io.jenkins.plugins.gitops.ci.forges;

import io.jenkins.plugins.gitops.ci.CommitSource;
import io.jenkins.plugins.gitops.ci.StatusSource;
import io.jenkins.plugins.gitops.ci.StatusTarget;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** A client of the forge that hosts a repository, which reads check results and commits and posts statuses. */
public interface ForgeClient extends StatusSource, StatusTarget, CommitSource {

    /** Returns the settings of the forge. */
    ForgeSettings settings();

    @Override
    default String name() {
        return settings().kind().source();
    }

    /** Completes if the present token can read the repository; fails as {@link #fetch} does. */
    CompletableFuture<Void> checkAccess();

    @Override
    default boolean isEnabled() {
        return settings().writeStatus();
    }

    /** Ends the use of the rate limit, so that its share falls to the other clients. */
    @Override
    void close();

    /**
     * Creates a client of the forge with these settings.
     *
     * @param client must not follow redirects, which would send the token to another server
     * @param timer cancels requests that are not answered in time
     * @param pool fetches the token, which may block
     * @param rateLimit the rate limit of the account of the token at this address
     */
    static ForgeClient of(
            ForgeSettings settings,
            HttpClient client,
            ScheduledExecutorService timer,
            Executor pool,
            ForgeToken token,
            RateLimit rateLimit) {
        var transport = new ForgeHttpClient.Transport(client, timer, pool);
        return switch (settings.kind()) {
            case GITHUB -> new GitHubClient(settings, transport, token, rateLimit);
            case GITLAB -> new GitLabClient(settings, transport, token, rateLimit);
            case GITEA -> new GiteaClient(settings, transport, token, rateLimit);
            case BITBUCKET_CLOUD -> new BitbucketCloudClient(settings, transport, token, rateLimit);
            case BITBUCKET_DATA_CENTER -> new BitbucketDataCenterClient(settings, transport, token, rateLimit);
        };
    }
}
