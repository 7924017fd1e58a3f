package io.jenkins.plugins.gitops.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentTypeTest {

    @ParameterizedTest
    @CsvSource({
        "text/html, text/html, true",
        "text/html; charset=utf-8, text/html, true",
        "Text/HTML ;charset=UTF-8, text/html, true",
        "application/xhtml+xml, application/xhtml+xml, true",
        "text/htmlx, text/htmlx, false",
        "application/json;note=text/html, application/json, false",
        "'', '', false"
    })
    void typeWithoutParametersSaysWhetherItIsAWebPage(String header, String type, boolean isWebPage) {
        HttpHeaders headers = HttpHeaders.of(Map.of("content-type", List.of(header)), (name, value) -> true);

        assertThat(ContentType.mediaType(headers)).isEqualTo(type);
        assertThat(ContentType.isWebPage(headers)).isEqualTo(isWebPage);
    }

    @Test
    void aResponseWithoutTypeIsNoWebPage() {
        HttpHeaders headers = HttpHeaders.of(Map.of(), (name, value) -> true);

        assertThat(ContentType.isWebPage(headers)).isFalse();
    }
}
