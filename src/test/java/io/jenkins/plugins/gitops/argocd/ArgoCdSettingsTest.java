package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgoCdSettingsTest {

    private static ArgoCdSettings at(String url, boolean allowInsecure) {
        return new ArgoCdSettings("main", url, "", true, allowInsecure);
    }

    @Test
    void aPathPrefixIsKeptAndSlashesAtTheEndAreNot() {
        assertThat(at("https://example.com/argocd//", false).url()).isEqualTo("https://example.com/argocd");
        assertThat(at("http://127.0.0.1:8080", true).url()).isEqualTo("http://127.0.0.1:8080");
    }

    @ParameterizedTest
    @CsvSource({
        "http://argocd.example.com, uses http",
        "https://admin:secret@argocd.example.com, contains a user or password",
        "https:///argocd, names no host",
        "argocd.example.com, has to begin with https",
        "ftp://argocd.example.com, has to begin with https",
        "https://argocd.example.com/?secret=1, has a '?' or '#'",
        "https://argo cd/secret, is not a valid address",
        "'', has to begin with https"
    })
    void otherUrlsAreRefusedAndNotRepeated(String url, String why) {
        assertThatThrownBy(() -> at(url, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Argo CD server main: url ")
                .hasMessageContaining(why)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aNameIsNeeded() {
        assertThatThrownBy(() -> new ArgoCdSettings("a b", "https://argocd.example.com", "", true, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"a b\" is not usable");
    }
}
