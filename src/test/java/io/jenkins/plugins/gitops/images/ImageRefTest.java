package io.jenkins.plugins.gitops.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageRefTest {

    private static final String SHA256 = "09af".repeat(16);
    private static final String SHA512 = "09af".repeat(32);

    @Test
    void aDigestHasAKnownAlgorithmAndExactlyItsLowerCaseDigits() {
        assertThat(List.of("sha256:" + SHA256, "sha512:" + SHA512)).allMatch(ImageRef::isDigest);
        assertThat(List.of(
                        "",
                        "sha256:",
                        "sha512:",
                        SHA256,
                        "sha256:" + SHA512,
                        "sha512:" + SHA256,
                        "sha384:" + SHA256,
                        "SHA256:" + SHA256,
                        " sha256:" + SHA256,
                        "sha256:" + SHA256 + "0",
                        "sha256:" + SHA256 + "\n",
                        "sha256:" + SHA256.substring(1),
                        "sha256:" + SHA256.substring(1) + "g",
                        "sha256:" + SHA256.substring(1) + "`",
                        "sha256:" + SHA256.substring(1) + "/",
                        "sha256:" + SHA256.substring(1) + ":",
                        "sha256:" + SHA256.substring(1) + "F",
                        "sha256:/" + SHA256.substring(1)))
                .noneMatch(ImageRef::isDigest);
    }
}
