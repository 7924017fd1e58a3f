package io.jenkins.plugins.gitops.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** SHA-256 and SHA-512, by the examples of FIPS 180-4 and of a text that is not ASCII. */
class HexDigestTest {

    @Test
    void aTextIsDigestedInUtf8() {
        assertThat(HexDigest.sha256("abc"))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(HexDigest.sha256("ü")).isEqualTo(HexDigest.sha256(new byte[] {(byte) 0xC3, (byte) 0xBC}));
    }

    @Test
    void bytesAreDigestedAsTheyAre() {
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);

        assertThat(HexDigest.sha256(abc)).isEqualTo(HexDigest.sha256("abc"));
        assertThat(HexDigest.sha512(abc))
                .isEqualTo("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    }
}
