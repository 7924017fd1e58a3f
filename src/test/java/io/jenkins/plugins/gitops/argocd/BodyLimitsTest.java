package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How much of what Argo CD sends is kept, to the byte. */
class BodyLimitsTest {

    private static final String TOO_LARGE = "has an application of more than 4 MiB";

    private static byte[] blanks(int size) {
        var piece = new byte[size];
        Arrays.fill(piece, (byte) ' ');
        return piece;
    }

    @Test
    void anApplicationIsReadUpToItsLimit() {
        var whole = new ApplicationReader(SecretRedaction.NONE);
        assertThatCode(() -> whole.take(blanks(ApplicationReader.MAX_BYTES))).doesNotThrowAnyException();
        assertThatThrownBy(() -> whole.take(blanks(1))).hasMessage(TOO_LARGE);
        var larger = new ApplicationReader(SecretRedaction.NONE);
        assertThatThrownBy(() -> larger.take(blanks(ApplicationReader.MAX_BYTES + 1)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage(TOO_LARGE);
    }

    private static ErrorBodyReader<Void> error() {
        var head = new ResponseInfo() {
            @Override
            public int statusCode() {
                return 503;
            }

            @Override
            public HttpHeaders headers() {
                return HttpHeaders.of(Map.of(), (name, value) -> true);
            }

            @Override
            public HttpClient.Version version() {
                return HttpClient.Version.HTTP_1_1;
            }
        };
        return new ErrorBodyReader<>(head, SecretRedaction.NONE, Clock.systemUTC());
    }

    @Test
    void anErrorIsReadUpToItsLimit() throws Exception {
        ErrorBodyReader<Void> whole = error();
        whole.take(blanks(64 << 10));
        assertThatThrownBy(() -> whole.take(blanks(1))).isInstanceOf(ArgoCdHttpException.class);
        assertThatThrownBy(() -> error().take(blanks((64 << 10) + 1))).isInstanceOf(ArgoCdHttpException.class);
    }

    private static StreamFrameReader stream() {
        return new StreamFrameReader(
                new ArgoCdClient.StreamListener() {
                    @Override
                    public void alive() {}

                    @Override
                    public void changed(VersionedApplication application) {}

                    @Override
                    public void deleted(VersionedApplication application) {}

                    @Override
                    public void ended(ArgoCdUnavailable why) {}
                },
                SecretRedaction.NONE);
    }

    @Test
    void aLineOfAStreamIsReadUpToItsLimitAndManyLinesWithoutOne() throws IOException {
        StreamFrameReader whole = stream();
        whole.take(blanks(ApplicationReader.MAX_BYTES));
        assertThatThrownBy(() -> whole.take(blanks(1))).hasMessage(TOO_LARGE);
        assertThatThrownBy(() -> stream().take(blanks(ApplicationReader.MAX_BYTES + 1)))
                .hasMessage(TOO_LARGE);

        byte[] lines = blanks(3 * ApplicationReader.MAX_BYTES);
        for (int end = 0; end < lines.length; end += 1 << 20) {
            lines[end] = '\n';
        }
        assertThatCode(() -> stream().take(lines)).doesNotThrowAnyException();
    }

    @Test
    void withoutAServerNothingIsKnown() {
        assertThat(ApplicationLookup.NONE.on("main")).isEqualTo(ServerSnapshot.NOTHING);
        assertThat(ServerSnapshot.NOTHING.read()).isFalse();
    }
}
