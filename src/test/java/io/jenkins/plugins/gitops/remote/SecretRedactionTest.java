package io.jenkins.plugins.gitops.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.common.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretRedactionTest {

    private static final List<String> SECRETS = List.of(
            "hunter2!x",
            "ghp_AbCdEfGh0123456789",
            "p\u00e4ss w\u00f6rd+/=&<>\"\\%",
            "%41%42%43%44",
            "a\\u0041b\\\\c",
            "\ud83d\udd11key");

    static Stream<Arguments> repeated() {
        return SECRETS.stream()
                .flatMap(secret -> RawHttpServer.forms("bot", secret).stream().map(form -> Arguments.of(secret, form)));
    }

    @ParameterizedTest
    @MethodSource("repeated")
    void aSecretIsRemovedInEachFormAndWhatIsAroundItStays(String secret, String form) {
        String text = "The server said: " + form + " and no more.";

        String redacted = SecretRedaction.of(List.of(secret)).redact(text);

        assertThat(redacted).startsWith("The server said: ").contains("...").endsWith(" and no more.");
        // No run of it is left in any form.
        for (String other : RawHttpServer.forms("bot", secret)) {
            String bare = other.substring(other.lastIndexOf(' ') + 1);
            assertThat(redacted).doesNotContain(bare);
        }
    }

    /** As {@code base64}, {@code openssl} and mail break it. */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\n  ", "\\n", "\\r\\n"})
    void aSecretInLinesOfBase64IsRemoved(String lineBreak) {
        String secret = "glpat-" + "aB3xK9".repeat(20);
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(("oauth2:" + secret).getBytes(StandardCharsets.US_ASCII))
                .replace("\n", lineBreak);

        String redacted = SecretRedaction.of(List.of(secret)).redact("debug: " + lines + " end");

        assertThat(redacted).startsWith("debug: ").endsWith(" end").hasSizeLessThan(40);
    }

    @Test
    void textsWithoutASecretStayAsTheyAre() {
        String text = "main is frozen: 100% of \\u0041 &amp; aHVudGVyMw== + hunter3";

        assertThat(SecretRedaction.of(List.of("hunter2!x")).redact(text)).isEqualTo(text);
        assertThat(SecretRedaction.NONE.redact(text)).isEqualTo(text);
        assertThat(SecretRedaction.of(List.of("", " ")).redact(text)).isEqualTo(text);
    }

    @Test
    void theBeginningOfASecretIsRemovedWhereATextWasCut() {
        SecretRedaction redaction = SecretRedaction.of(List.of("ghp_AbCdEfGh0123456789"));

        assertThat(redaction.redact("your token ghp_AbCdEf")).isEqualTo("your token ...");
        assertThat(redaction.redact("your token ghp_AbCdEf!")).isEqualTo("your token ghp_AbCdEf!");
    }

    /** Each form, cut after each character, as messages and quotations are. */
    @Test
    void theBeginningOfASecretIsRemovedWhereverATextWasCut() {
        String secret = "ghp_AbCd+/Gh0123456789";
        SecretRedaction redaction = SecretRedaction.of(List.of(secret));
        var percent = new StringBuilder();
        var unicode = new StringBuilder();
        var entities = new StringBuilder();
        for (char each : secret.toCharArray()) {
            percent.append(String.format("%%%02X", (int) each));
            unicode.append(String.format("\\u%04x", (int) each));
            entities.append("&#").append((int) each).append(';');
        }
        for (String form : List.of(secret, percent.toString(), unicode.toString(), entities.toString())) {
            int character = form.length() / secret.length();
            for (int length = 5 * (character + 1); length < form.length(); length++) {
                for (String end : List.of("", "...", "\" at /x", "' not found")) {
                    assertThat(redaction.redact("token: " + form.substring(0, length) + end))
                            .as("%s, %d characters of it", form, length)
                            .startsWith("token: ...")
                            .hasSizeLessThanOrEqualTo("token: ...".length() + character + end.length());
                }
            }
        }
    }

    @Test
    void aTextWithAVeryShortSecretIsRemovedAsAWhole() {
        assertThat(SecretRedaction.of(List.of("abc")).redact("it is abc")).isEqualTo("...");
    }

    @Test
    void aTokenThatWasReplacedIsStillRemoved() {
        SecretRedaction redaction = SecretRedaction.of(List.of("first-token")).and(List.of("second-token"));

        assertThat(redaction.redact("first-token second-token")).isEqualTo("... ...");
        for (int i = 0; i < 20; i++) {
            redaction = redaction.and(List.of("token-number-" + i));
        }
        assertThat(redaction.redact("first-token token-number-19")).isEqualTo("first-token ...");
    }

    @Test
    void documentsAreRedactedInNamesAndTexts() {
        var document = Json.parse("{\"a\":[\"x hunter2!x\",1,null],\"hunter2!x\":{\"b\":\"\\u0068unter2!x\"}}");

        assertThat(SecretRedaction.of(List.of("hunter2!x")).redact(document).toString())
                .isEqualTo("{\"a\":[\"x ...\",1,null],\"...\":{\"b\":\"...\"}}");
    }

    @Test
    void causesAndSuppressedExceptionsAreRedactedInTheirStackTraces() {
        var failure = new IOException("outer", new IllegalStateException("said hunter2!x"));
        failure.addSuppressed(new IOException("closed with aHVudGVyMiF4"));
        var trace = new StringWriter();

        SecretRedaction.of(List.of("hunter2!x")).redact((Throwable) failure).printStackTrace(new PrintWriter(trace));

        assertThat(trace.toString())
                .contains("java.io.IOException: outer", "java.lang.IllegalStateException: said ...", "closed with ...")
                .contains("causesAndSuppressedExceptionsAreRedactedInTheirStackTraces")
                .doesNotContain("hunter2!x", "aHVudGVyMiF4");
    }

    @Test
    void anExceptionWithoutASecretIsNotCopied() {
        var failure = new IOException("outer", new IllegalStateException("inner"));

        assertThat(SecretRedaction.of(List.of("hunter2!x")).redact((Throwable) failure))
                .isSameAs(failure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%25", "\\", "\\u", "&", "&#", "+", "aHVu", "hunter", "%68", "\\u0068"})
    void longTextsAreReadSoon(String repeated) {
        String text = repeated.repeat((64 << 10) / repeated.length());
        SecretRedaction redaction =
                SecretRedaction.of(List.of("hunter2!x", "%%%%%%%%%%x", "\\\\\\\\\\\\x", "++++++++x"));

        // Of the processor, so that other work of the machine does not count.
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        redaction.redact(text);
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - before)).isLessThan(Duration.ofSeconds(2));
    }
}
