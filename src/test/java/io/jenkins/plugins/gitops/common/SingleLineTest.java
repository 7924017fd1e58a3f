package io.jenkins.plugins.gitops.common;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Text from outside becomes one line of bounded length. */
class SingleLineTest {

    @Test
    void lineBreaksAndControlCharactersBecomeOneBlank() {
        assertThat(SingleLine.of(" a\r\n[ERROR] b\u001b\u0000\u0085\u2028c\t ")).isEqualTo("a [ERROR] b c");
    }

    @Test
    void aTextThatIsTooLongEndsInDots() {
        assertThat(SingleLine.of("abcdefg", 7)).isEqualTo("abcdefg");
        assertThat(SingleLine.of("abcdefgh", 7)).isEqualTo("abcd...");
        assertThat(SingleLine.of("x".repeat(5000))).hasSize(1000);
        assertThat(SingleLine.excerpt("x".repeat(5000))).hasSize(200);
    }

    @Test
    void aCharacterOfTwoCharsIsNotCutInHalf() {
        assertThat(SingleLine.of("abc\ud83d\ude80efgh", 7)).isEqualTo("abc...");
    }

    @Property(tries = 300)
    void theResultHasNoBreakAndStaysAsItIs(@ForAll String text, @ForAll @IntRange(min = 4, max = 40) int maxLength) {
        String line = SingleLine.of(text, maxLength);

        assertThat(line.length()).isLessThanOrEqualTo(maxLength);
        assertThat(line.lines().count()).isLessThanOrEqualTo(1);
        assertThat(line.chars()).noneMatch(Character::isISOControl);
        assertThat(SingleLine.of(line, maxLength)).isEqualTo(line);
    }
}
