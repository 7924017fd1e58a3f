package io.jenkins.plugins.gitops.runtime.clones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.remote.SecretLookup;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.junit.jupiter.api.Test;

class BoundedCredentialsTest {

    private final ManualClock clock = new ManualClock();

    private CredentialsSource bounded(CredentialsSource stored, Executor pool) {
        return new BoundedCredentials("cfg-app", stored, new SecretLookup(pool, clock.timer(), Duration.ofSeconds(90)));
    }

    @Test
    void whatIsFoundOrMissingIsPassedOn() throws Exception {
        var login = new UsernamePasswordCredentialsProvider("bot", "a-long-password");
        assertThat(bounded(() -> login, Runnable::run).get()).isSameAs(login);
        assertThat(bounded(() -> null, Runnable::run).get()).isNull();

        var missing = new RepoMisconfigured("there are no credentials");
        assertThatThrownBy(bounded(
                        () -> {
                            throw missing;
                        },
                        Runnable::run)::get)
                .isSameAs(missing);
    }

    /** The thread of the round is given back, and the next round asks again. */
    @Test
    void whatNeverAnswersIsGivenUpAtTheDeadline() {
        Executor hangs = lookUp -> clock.turn(Duration.ofSeconds(90));

        for (var lookUp : new Asking[] {CredentialsSource::get, CredentialsSource::ssh, CredentialsSource::signer}) {
            assertThatThrownBy(() -> lookUp.of(bounded(() -> null, hangs)))
                    .isInstanceOf(RepoUnavailable.class)
                    .hasMessageStartingWith("Repository cfg-app: its ")
                    .hasMessageEndingWith(
                            " could not be looked up in time; what stores them in Jenkins does not answer.");
        }
    }

    private interface Asking {
        Object of(CredentialsSource source) throws RepoUnavailable;
    }

    @Test
    void moreLookUpsThanAreWaitedForAreRefused() {
        assertThatThrownBy(bounded(() -> null, lookUp -> {
                    throw new RejectedExecutionException("16 calls hang");
                })::get)
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("does not answer");
    }

    /** A round that is under way when Jenkins stops is completed; the demo saw that one was not. */
    @Test
    void whatIsLookedUpAfterTheTimerHasEndedIsFoundAllTheSame() throws Exception {
        var ended = new ScheduledThreadPoolExecutor(1);
        ended.shutdownNow();
        var login = new UsernamePasswordCredentialsProvider("bot", "a-long-password");
        var lookups = new SecretLookup(Runnable::run, ended, Duration.ofSeconds(90));

        assertThat(new BoundedCredentials("cfg-app", () -> login, lookups).get())
                .isSameAs(login);
    }
}
