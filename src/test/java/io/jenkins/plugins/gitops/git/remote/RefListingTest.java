package io.jenkins.plugins.gitops.git.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.errors.TransportException;
import org.junit.jupiter.api.Test;

class RefListingTest {

    @Test
    void allRefsAreListedOfARepositoryThatWasReadAndHasFew() {
        assertThat(RefListing.UNTRIED.after(5_000)).as("were listed by name").isEqualTo(RefListing.ALL);
        assertThat(RefListing.ALL.after(1_000)).isEqualTo(RefListing.ALL);
        assertThat(RefListing.ALL.after(1_001)).isEqualTo(RefListing.BY_NAME);
        assertThat(RefListing.BY_NAME.after(5)).isEqualTo(RefListing.BY_NAME);
    }

    @Test
    void whatJGitCannotReadIsNotTriedAgain() {
        var unreadable = new PackProtocolException("stateless RPC requires multi_ack_detailed to be enabled");

        assertThat(RefListing.ALL.after(unreadable)).isEqualTo(RefListing.BY_NAME);
        assertThat(RefListing.ALL.after(new TransportException("cannot fetch", unreadable)))
                .isEqualTo(RefListing.BY_NAME);
    }

    @Test
    void troubleIsExplainedByTheSecondVersionAndNoReasonToStayWithIt() {
        var trouble = new TransportException("connection reset", new SocketException("reset"));

        assertThat(RefListing.ALL.after(trouble)).isEqualTo(RefListing.UNTRIED);
        assertThat(RefListing.UNTRIED.after(trouble)).isEqualTo(RefListing.UNTRIED);
        assertThat(RefListing.BY_NAME.after(trouble)).isEqualTo(RefListing.BY_NAME);
    }
}
