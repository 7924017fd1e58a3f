package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which commits of an application come again, and which services nobody mentions any more. */
class AppCommitLogTest {

    private static final WavePath STAGING = WavePath.of("staging");
    private static final WavePath INTERNAL = WavePath.of("internal");
    private static final String OLD = "a".repeat(40);
    private static final String NEW = "b".repeat(40);

    private final AppCommitLog log = new AppCommitLog();
    private int changes;

    private static ChangeTrailers change(
            String id, ChangeOperation operation, WavePath path, String appSha, String... services) {
        return ChangeTrailers.builder(id, operation, path)
                .services(new TreeSet<>(List.of(services)))
                .appSha(appSha)
                .build();
    }

    /** Adds a change, whose id is returned. */
    private String add(AppCommitLog to, ChangeOperation operation, String appSha, String... services) {
        String id = "change%04d".formatted(++changes);
        to.add(change(id, operation, STAGING, appSha, services));
        return id;
    }

    private String announce(String appSha, String... services) {
        return add(log, ChangeOperation.ANNOUNCE, appSha, services);
    }

    private Optional<AppCommitLog.Repetition> again(String appSha, String... services) {
        return log.repetition(STAGING, appSha, Set.of(services));
    }

    @Test
    void aCommitComesAgainIfSomethingElseCameSince() {
        String first = announce(OLD, "shop");
        assertThat(again(OLD, "shop")).as("nothing came since").isEmpty();

        String second = announce(NEW, "shop");

        assertThat(again(OLD, "shop"))
                .contains(new AppCommitLog.Repetition(STAGING, OLD, first, second, Optional.of(NEW)));
        assertThat(again(NEW, "shop")).as("it is the newest").isEmpty();
        assertThat(again(OLD, "cart")).as("it did not bring that service").isEmpty();
        assertThat(log.repetition(INTERNAL, OLD, Set.of("shop"))).isEmpty();
    }

    @Test
    void ofSeveralDeliveriesOfACommitTheNewestCounts() {
        announce(OLD, "shop");
        announce(NEW, "shop");
        String last = announce(OLD, "shop");
        assertThat(again(OLD, "shop")).isEmpty();

        String since = announce(NEW, "shop");

        assertThat(again(OLD, "shop"))
                .contains(new AppCommitLog.Repetition(STAGING, OLD, last, since, Optional.of(NEW)));
    }

    @Test
    void theSameCommitSinceIsNothingElse() {
        announce(OLD, "shop");
        announce(OLD, "shop", "cart");

        assertThat(again(OLD, "shop")).isEmpty();
    }

    @Test
    void aChangeOfTheWholeSetIsSomethingElseForEachService() {
        String first = announce(OLD, "shop", "cart");
        String whole = add(log, ChangeOperation.REPLACE, NEW, "shop");

        assertThat(again(OLD, "cart"))
                .contains(new AppCommitLog.Repetition(STAGING, OLD, first, whole, Optional.of(NEW)));

        String cart = announce(NEW, "cart");

        assertThat(again(OLD, "cart").orElseThrow().since()).isEqualTo(cart);
    }

    @Test
    void aRollbackIsNoDelivery() {
        announce(OLD, "shop");
        add(log, ChangeOperation.ROLLBACK, NEW, "shop");

        assertThat(again(OLD, "shop")).isEmpty();
        assertThat(log.unmentioned(STAGING, Set.of("shop", "cart"), 2))
                .as("there was one change only")
                .isEmpty();
    }

    @Test
    void theSentenceNamesBothCommits() {
        announce(OLD, "shop");
        announce(null, "shop");

        assertThat(again(OLD, "shop").orElseThrow().sentence())
                .isEqualTo("staging had the app commit aaaaaaaaaa already (change change0001), and newer since: one "
                        + "without an app commit (change change0002)");

        announce(NEW, "shop");

        assertThat(again(OLD, "shop").orElseThrow().sentence()).endsWith("newer since: bbbbbbbbbb (change change0003)");
    }

    @Test
    void anOverlayBeginsWithWhatIsBelowAndAddsNothingToIt() {
        String first = announce(OLD, "shop");
        AppCommitLog overlay = log.overlay();
        String above = add(overlay, ChangeOperation.ANNOUNCE, NEW, "shop");

        assertThat(overlay.repetition(STAGING, OLD, Set.of("shop")))
                .contains(new AppCommitLog.Repetition(STAGING, OLD, first, above, Optional.of(NEW)));
        assertThat(again(OLD, "shop")).isEmpty();

        add(overlay, ChangeOperation.ANNOUNCE, OLD, "shop");
        assertThat(overlay.repetition(STAGING, OLD, Set.of("shop"))).isEmpty();
        assertThat(overlay.repetition(STAGING, NEW, Set.of("shop"))).isPresent();
    }

    // ---- services that are not mentioned ------------------------------------------------------------------------

    @Test
    void servicesThatNoneOfTheLastChangesSetAreNotMentioned() {
        announce(OLD, "old");
        announce(OLD, "shop");
        announce(NEW, "shop", "cart");

        assertThat(log.unmentioned(STAGING, Set.of("old", "shop", "cart", "never"), 2))
                .containsExactly("never", "old");
        assertThat(log.unmentioned(STAGING, Set.of("old", "shop", "cart", "never"), 3))
                .containsExactly("never");
        assertThat(log.unmentioned(STAGING, Set.of("old", "never"), 4))
                .as("there were not so many changes")
                .isEmpty();
        assertThat(log.unmentioned(INTERNAL, Set.of("old"), 1)).isEmpty();
    }

    @Test
    void promotionsMentionNothing() {
        announce(OLD, "shop");
        add(log, ChangeOperation.PROMOTE, NEW, "old");

        assertThat(log.unmentioned(STAGING, Set.of("old", "shop"), 1)).containsExactly("old");
    }

    @Test
    void whatAnyChangeButARollbackNamedWasDelivered() {
        announce(OLD, "shop");
        add(log, ChangeOperation.PROMOTE, NEW, "cart");
        add(log, ChangeOperation.ROLLBACK, NEW, "old");
        AppCommitLog overlay = log.overlay();

        assertThat(overlay.delivered(STAGING, Set.of("shop", "cart", "old", "never")))
                .containsExactlyInAnyOrder("shop", "cart");
        assertThat(overlay.delivered(INTERNAL, Set.of("shop"))).isEmpty();
    }
}
