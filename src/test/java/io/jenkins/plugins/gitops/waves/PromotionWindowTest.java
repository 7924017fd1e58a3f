package io.jenkins.plugins.gitops.waves;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows on ordinary days, and on those on which clocks are turned. */
class PromotionWindowTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static PromotionWindow window(String cron, String duration) {
        return new PromotionWindow(cron, Duration.parse(duration), BERLIN);
    }

    private static Instant at(String time) {
        return Instant.parse(time);
    }

    @Test
    void isOpenFromItsTimeForItsDuration() {
        var window = window("0 9 * * 1-4", "PT7H");

        // A Tuesday in winter: 9:00 in Berlin is 8:00 in UTC.
        assertThat(window.openUntil(at("2026-11-24T07:59:59Z"))).isEmpty();
        assertThat(window.openUntil(at("2026-11-24T08:00:00Z"))).contains(at("2026-11-24T15:00:00Z"));
        assertThat(window.openUntil(at("2026-11-24T14:59:59Z"))).contains(at("2026-11-24T15:00:00Z"));
        assertThat(window.openUntil(at("2026-11-24T15:00:00Z"))).isEmpty();
        assertThat(window.next(at("2026-11-24T08:00:00Z"))).contains(at("2026-11-25T08:00:00Z"));
        // From Thursday evening on it is closed until Monday.
        assertThat(window.next(at("2026-11-26T16:00:00Z"))).contains(at("2026-11-30T08:00:00Z"));
    }

    @Test
    void staysOpenOverMidnightAndWhereItOpensAgainBeforeItCloses() {
        var night = window("0 22 * * 5", "PT10H");
        assertThat(night.openUntil(at("2026-11-28T05:00:00Z"))).contains(at("2026-11-28T07:00:00Z"));

        var often = window("0 9,10 * * *", "PT2H");
        assertThat(often.openUntil(at("2026-11-24T09:30:00Z"))).contains(at("2026-11-24T11:00:00Z"));
    }

    @Test
    void todayIsTheDayOfItsZone() {
        var tokyo = new PromotionWindow("0 0 * * 2", Duration.ofHours(1), ZoneId.of("Asia/Tokyo"));
        // Half past midnight on Tuesday in Tokyo is Monday in UTC.
        assertThat(tokyo.openUntil(at("2026-11-23T15:30:00Z"))).contains(at("2026-11-23T16:00:00Z"));
        assertThat(tokyo.openUntil(at("2026-11-23T14:59:59Z"))).isEmpty();

        var newYork = new PromotionWindow("45 23 * * 1", Duration.ofMinutes(10), ZoneId.of("America/New_York"));
        // Half past eleven on Monday evening in New York is Tuesday in UTC.
        assertThat(newYork.next(at("2026-11-24T04:30:00Z"))).contains(at("2026-11-24T04:45:00Z"));
        assertThat(newYork.openUntil(at("2026-11-24T04:50:00Z"))).contains(at("2026-11-24T04:55:00Z"));
    }

    @Test
    void followsTheClocksOfItsZone() {
        var window = window("0 9 * * *", "PT1H");

        assertThat(window.next(at("2026-03-28T12:00:00Z")))
                .as("summer time begins on the 29th")
                .contains(at("2026-03-29T07:00:00Z"));
        assertThat(window.next(at("2026-10-24T12:00:00Z")))
                .as("and ends on the 25th")
                .contains(at("2026-10-25T08:00:00Z"));
    }

    @Test
    void opensWhenTheClockHasBeenTurnedOverItsTime() {
        // On 29 March clocks go from 2:00 to 3:00, which is 1:00 in UTC.
        var window = window("30 2 * * *", "PT1H");

        assertThat(window.next(at("2026-03-28T12:00:00Z"))).contains(at("2026-03-29T01:00:00Z"));
        assertThat(window.openUntil(at("2026-03-29T01:30:00Z"))).contains(at("2026-03-29T02:00:00Z"));
    }

    @Test
    void opensOnceWhereItsTimeComesTwice() {
        // On 25 October clocks go from 3:00 back to 2:00: 2:30 is 0:30 and 1:30 in UTC.
        var window = window("30 2 * * *", "PT30M");

        assertThat(window.next(at("2026-10-24T12:00:00Z"))).contains(at("2026-10-25T00:30:00Z"));
        assertThat(window.next(at("2026-10-25T00:30:00Z"))).contains(at("2026-10-26T01:30:00Z"));
        assertThat(window.openUntil(at("2026-10-25T01:35:00Z"))).isEmpty();
    }

    @Test
    void staysOpenAsLongAsItSaysWhenClocksAreTurnedMeanwhile() {
        var window = window("0 1 29 3 *", "PT4H");

        assertThat(window.openUntil(at("2026-03-29T03:59:00Z"))).contains(at("2026-03-29T04:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "0 9 * * mon-thu, 2026-11-26T16:00:00Z, 2026-11-30T08:00:00Z",
        "0 9 * * 7, 2026-11-24T00:00:00Z, 2026-11-29T08:00:00Z",
        "*/20 9 * * *, 2026-11-24T08:25:00Z, 2026-11-24T08:40:00Z",
        "5/20 9 * * *, 2026-11-24T08:30:00Z, 2026-11-24T08:45:00Z",
        "0 0 29 2 *, 2026-11-24T00:00:00Z, 2028-02-28T23:00:00Z",
        "0 0 29 FEB 1, 2026-11-24T00:00:00Z, 2044-02-28T23:00:00Z",
    })
    void readsWhatCronCanSay(String cron, String after, String next) {
        assertThat(window(cron, "PT1H").next(at(after))).contains(at(next));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0 9 * *",
                "0 9 * * * *",
                "60 9 * * *",
                "0 24 * * *",
                "0 9 0 * *",
                "0 9 * 13 *",
                "0 9 * * 8",
                "9-5 * * * *",
                "*/0 * * * *",
                "1,,2 * * * *",
                "mon 9 * * *",
                "@daily",
                "0 9 -1 * *",
                "99999999999 9 * * *"
            })
    void refusesWhatIsNoTime(String cron) {
        assertThatThrownBy(() -> window(cron, "PT1H")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysThatItOpensWhenItSays() {
        assertThatThrownBy(() -> window("H 9 * * *", "PT1H")).hasMessageContaining("H has no meaning");
    }

    @Test
    void refusesToBeAWindowThatNeverOpens() {
        for (String cron : List.of("0 9 31 2 *", "0 9 30 feb 1-5", "0 9 31 4,6,9,11 *")) {
            assertThatThrownBy(() -> window(cron, "PT1H")).hasMessageContaining("never opens");
        }
        assertThatThrownBy(() -> window("0 9 * * *", "PT0S")).hasMessageContaining("longer than 0s");
    }
}
