package io.jenkins.plugins.gitops.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkedSecretsTest {

    private final MarkedSecrets marked = new MarkedSecrets();

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "bo", "bot:", "x:y:"})
    void findsASecretAlsoWhenItIsEncoded(String before) {
        String secret = before + marked.secret("git") + "!";

        assertThat(marked.in("Failed: " + secret)).containsExactly("git");
        assertThat(marked.in("?token=" + URLEncoder.encode(secret, StandardCharsets.UTF_8)))
                .containsExactly("git");
        assertThat(marked.in("Basic " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8))))
                .containsExactly("git");
        assertThat(marked.in("git, and marked")).isEmpty();
    }

    @Test
    void saysWhichFilesHaveOne(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("clean"), "git");
        Files.write(Files.createDirectory(folder.resolve("deep")).resolve("program.dat"), new byte[] {1, (byte) 0xff});
        assertThat(marked.inFiles(folder)).isEmpty();

        Files.writeString(folder.resolve("deep/build.xml"), "<secret>" + marked.secret("forge") + "</secret>");

        assertThat(marked.inFiles(folder)).containsExactly("deep/build.xml [forge]");
    }
}
