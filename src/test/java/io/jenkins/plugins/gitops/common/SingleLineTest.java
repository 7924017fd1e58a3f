package io.jenkins.plugins.gitops.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
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

    /** Each that Unicode calls a control, a format, a separator or half a character, or that shows as nothing. */
    @Test
    void nothingThatCannotBeSeenIsLeft() {
        IntStream codes = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(code -> switch (Character.getType(code)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR -> true;
                    default -> false;
                });
        IntStream fillers = IntStream.of(0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180f, 0x3164, 0xfe00, 0xfe0f);
        IntStream more = IntStream.of(0xffa0, 0xe0100, 0xe01ef, 0x2065, 0xfff0);
        IntStream.concat(codes, IntStream.concat(fillers, more))
                .mapToObj(Character::toString)
                .forEach(invisible -> {
                    assertThat(SingleLine.of("merge" + invisible + invisible + "d"))
                            .as("U+%04X", invisible.codePointAt(0))
                            .isEqualTo("merge d");
                    assertThat(SingleLine.whole(invisible + "x" + invisible))
                            .as("U+%04X", invisible.codePointAt(0))
                            .isEqualTo("x");
                });
    }

    @Test
    void whatCanBeSeenStays() {
        String text = "Größe 日本語 العربية עברית é e\u0301 🚀 € 𝔘 \u00b7";

        assertThat(SingleLine.of(text)).isEqualTo(text);
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
        assertThat(line.codePoints()).noneMatch(code -> Character.getType(code) == Character.FORMAT);
        assertThat(SingleLine.of(line, maxLength)).isEqualTo(line);
    }
}
