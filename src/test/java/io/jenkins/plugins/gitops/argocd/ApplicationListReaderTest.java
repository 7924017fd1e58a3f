package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ApplicationListReaderTest {

    /** With what Argo CD writes around the applications, in another order, and with more of it. */
    private static final byte[] LIST = """
            {"kind":"ApplicationList","other":{"items":[{"no":"application"}],"metadata":{"resourceVersion":"1"}},
             "items":[%s,%s],"metadata":{"resourceVersion":"42","remainingItemCount":null},"more":[[],7,"\u00fc"]}
            """.formatted(
                    ApplicationFixtures.json("web", 7, "c1"), ApplicationFixtures.json("api", 9, "c2"))
            .getBytes(StandardCharsets.UTF_8);

    @Property(tries = 100)
    void aListIsReadHoweverItIsCut(@ForAll @Size(max = 20) List<@IntRange(max = 700) Integer> cuts) throws IOException {
        var reader = new ApplicationListReader();
        int from = 0;
        for (int to : cuts.stream().sorted().toList()) {
            reader.take(Arrays.copyOfRange(LIST, from, Math.min(to, LIST.length)));
            from = Math.min(to, LIST.length);
        }
        reader.take(Arrays.copyOfRange(LIST, from, LIST.length));

        assertThat(reader.end())
                .isEqualTo(new ApplicationListing(
                        List.of(
                                ApplicationFixtures.observed("web", 7, "c1"),
                                ApplicationFixtures.observed("api", 9, "c2")),
                        Optional.of("42")));
    }

    @Test
    void anEmptyListMayBeNull() throws IOException {
        var reader = new ApplicationListReader();
        reader.take("{\"metadata\":{},\"items\":null}".getBytes(StandardCharsets.UTF_8));

        assertThat(reader.end()).isEqualTo(new ApplicationListing(List.of(), Optional.empty()));
    }

    @Test
    void aListThatIsTooLargeIsRefusedWhileItIsRead() {
        var reader = new ApplicationListReader();
        var mebibyte = new byte[1 << 20];
        Arrays.fill(mebibyte, (byte) ' ');

        assertThatThrownBy(() -> {
                    for (int i = 0; i <= 256; i++) {
                        reader.take(mebibyte);
                    }
                })
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage("is larger than 256 MiB");
    }

    @Test
    void aLargeListMayHaveSmallApplications() throws IOException {
        String second = ApplicationFixtures.json("api", 9, "c2");
        var reader = new ApplicationListReader();
        for (String piece : List.of(
                "{\"items\":[" + ApplicationFixtures.json("web", 7, "c1") + ",",
                " ".repeat(ApplicationReader.MAX_BYTES + 1),
                second.substring(0, second.length() / 2),
                second.substring(second.length() / 2) + "]}")) {
            reader.take(piece.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(reader.end().applications()).hasSize(2);
    }
}
