package io.jenkins.plugins.gitops.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** The cause of a failed future is what failed, however often it was wrapped. */
class FuturesTest {

    private static final IOException FAILURE = new IOException("the connection broke");

    @Test
    void wrappersAreTakenOff() {
        assertThat(Futures.cause(FAILURE)).isSameAs(FAILURE);
        assertThat(Futures.cause(new ExecutionException(new CompletionException(FAILURE))))
                .isSameAs(FAILURE);
    }

    @Test
    void aWrapperAroundNothingIsTheCauseItself() {
        var empty = new CompletionException(null);
        assertThat(Futures.cause(empty)).isSameAs(empty);
    }
}
