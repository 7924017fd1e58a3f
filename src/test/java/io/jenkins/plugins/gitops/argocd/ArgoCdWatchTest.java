package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One watch for all who follow, on a real server, while time goes on only where a test turns it. */
class ArgoCdWatchTest {

    private static final String LIST = "/api/v1/applications";
    private static final String STREAM = "/api/v1/stream/applications";
    private static final ApplicationId WEB = new ApplicationId("argocd", "web");

    private final ManualClock time = new ManualClock();
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final AtomicInteger told = new AtomicInteger();
    private FakeArgoCd argo;
    private ArgoCdWatch watch;

    @BeforeEach
    void begin() throws Exception {
        argo = new FakeArgoCd();
        argo.put("web", 7, "c1");
        watch = watch(true);
    }

    @AfterEach
    void end() {
        pool.shutdownNow();
        argo.close();
    }

    private ArgoCdWatch watch(boolean stream) {
        var settings = new ArgoCdSettings("main", argo.url(), "", stream, true);
        var timer = time.timer();
        return new ArgoCdWatch(
                new ArgoCdClient(settings, HttpClient.newHttpClient(), () -> "to.ken-1", Runnable::run, time, timer),
                time,
                timer,
                pool);
    }

    private Subscription follow() {
        Subscription following = watch.follow(told::incrementAndGet);
        time.turn(Duration.ZERO);
        return following;
    }

    /** Follows, and waits for the stream, and for the list that is made when it stands. */
    private Subscription followWithStream() {
        Subscription following = follow();
        await().until(() -> argo.streams() == 1);
        listOnceTheStreamStands();
        awaitLists(2, Duration.ofSeconds(60), Duration.ofSeconds(66));
        return following;
    }

    private void listOnceTheStreamStands() {
        Duration soon = Duration.ofMillis(3_300);
        awaitNextWithin(soon);
        time.turn(time.untilNext());
    }

    /** Waits for the answer to a list: then the next one is planned, and no longer that it shall be given up. */
    private void awaitLists(int lists, Duration nextFrom, Duration nextTo) {
        await().until(() -> argo.asked(LIST) >= lists);
        await().until(() ->
                time.untilLast().compareTo(nextFrom) >= 0 && time.untilLast().compareTo(nextTo) <= 0);
    }

    private void awaitNextWithin(Duration atMost) {
        await().until(() -> time.untilNext().compareTo(atMost) <= 0);
    }

    private void awaitRevision(String revision) {
        await().until(() -> revision.equals(revision()));
    }

    private String revision() {
        Application web = watch.snapshot().applications().get(WEB);
        return web == null ? null : web.sync().revisions().get(0);
    }

    private void awaitTold(int times) {
        await().until(() -> told.get() == times);
    }

    @Test
    void howeverManyFollowThereIsOneListAndOneStream() {
        for (int i = 0; i < 100; i++) {
            watch.follow(told::incrementAndGet);
        }
        assertThat(watch.snapshot()).isEqualTo(new ServerSnapshot(Map.of(), false, Optional.empty()));
        time.turn(Duration.ZERO);

        await().until(() -> argo.streams() == 1);
        awaitTold(100);
        assertThat(watch.snapshot().read()).isTrue();
        assertThat(revision()).isEqualTo("c1");
        assertThat(argo.asked)
                .extracting(FakeArgoCd.Asked::uri)
                .satisfiesExactly(
                        list -> assertThat(list).endsWith(LIST),
                        stream -> assertThat(stream).contains(STREAM + "?resourceVersion=7&"));
    }

    @Test
    void changesAreToldAndOnlyThose() {
        followWithStream();
        awaitTold(1);

        argo.tell("MODIFIED", ApplicationFixtures.json("web", 8, "c1"));
        argo.tell("MODIFIED", ApplicationFixtures.json("web", 9, "c2"));
        awaitTold(2);
        assertThat(revision()).isEqualTo("c2");

        argo.tell("DELETED", ApplicationFixtures.json("web", 10, "c2"));
        awaitTold(3);
        assertThat(watch.snapshot().applications()).isEmpty();

        argo.tell("ADDED", ApplicationFixtures.json("web", 11, "c3"));
        awaitTold(4);
        assertThat(revision()).isEqualTo("c3");
    }

    @Test
    void whatHappenedBeforeTheStreamStoodIsSeenSoon() {
        follow();
        await().until(() -> argo.streams() == 1);
        argo.put("web", 8, "c2");

        listOnceTheStreamStands();

        awaitRevision("c2");
    }

    @Test
    void whatNoStreamToldIsSeenByAListWithinAMinute() {
        followWithStream();
        argo.put("web", 8, "c2");
        time.turn(Duration.ofSeconds(40));
        argo.tell("MODIFIED", ApplicationFixtures.json("api", 9, "c1"));
        await().until(() -> watch.snapshot().applications().size() == 2);
        assertThat(revision()).isEqualTo("c1");

        time.turn(Duration.ofSeconds(26));

        awaitRevision("c2");
        assertThat(argo.asked(STREAM)).isEqualTo(1);
    }

    @Test
    void aStreamThatBreaksIsMadeAgainAndNothingIsMissed() {
        followWithStream();
        argo.put("api", 8, "c1");
        argo.remove("web");

        argo.write(":\n");
        argo.cut();
        awaitNextWithin(Duration.ofSeconds(3));
        time.turn(Duration.ofSeconds(3));

        await().until(() -> argo.streams() == 1);
        assertThat(watch.snapshot().applications()).containsOnlyKeys(new ApplicationId("argocd", "api"));
        assertThat(watch.snapshot().trouble()).isEmpty();
    }

    @Test
    void aStreamWithoutASignOfLifeIsTakenForBroken() {
        followWithStream();

        time.turn(Duration.ofSeconds(42));

        awaitNextWithin(Duration.ofMillis(1_100));
        time.turn(Duration.ofMillis(1_100));
        await().until(() -> argo.asked(STREAM) == 2);
        await().untilAsserted(() -> {
            argo.write(":\n");
            assertThat(argo.streams()).as("the first is closed").isEqualTo(1);
        });
    }

    @Test
    void aServerWithoutAStreamIsListedOftenAndItsStreamIsTriedEverMoreSeldom() {
        argo.refuseStreams();
        follow();

        for (int lists = 1; lists <= 40; lists++) {
            awaitLists(lists, Duration.ofSeconds(1), Duration.ofSeconds(11));
            time.turn(time.untilNext());
        }

        assertThat(time.elapsed()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(7));
        assertThat(argo.asked(STREAM)).isBetween(8L, 11L);
        assertThat(watch.snapshot().trouble()).isEmpty();
    }

    @Test
    void withoutWatchThereIsNoStream() {
        watch = watch(false);
        follow();
        awaitLists(1, Duration.ofSeconds(10), Duration.ofSeconds(11));
        argo.put("web", 8, "c2");

        time.turn(Duration.ofSeconds(11));

        awaitRevision("c2");
        assertThat(argo.asked(STREAM)).isZero();
    }

    @Test
    void whatCannotBeReadIsToldAndSoIsThatItCanAgain() {
        argo.answerNext(401, Map.of(), "{\"message\":\"token is expired\"}");
        argo.answerNext(401, Map.of(), "{\"message\":\"token is expired\"}");
        argo.answerNext(503, Map.of(), "");
        follow();
        awaitTold(1);
        assertThat(watch.snapshot().trouble().orElseThrow()).contains("refuses the token (token is expired)");
        assertThat(watch.snapshot().read()).isFalse();

        for (int seconds : new int[] {3, 3}) {
            awaitNextWithin(Duration.ofSeconds(seconds));
            time.turn(Duration.ofSeconds(seconds));
        }
        awaitTold(2);
        assertThat(watch.snapshot().trouble().orElseThrow()).contains("answers with status 503");

        awaitNextWithin(Duration.ofMillis(4_400));
        assertThat(time.untilNext()).as("ever more seldom").isGreaterThanOrEqualTo(Duration.ofSeconds(4));
        time.turn(Duration.ofMillis(4_400));
        awaitTold(3);
        assertThat(watch.snapshot().trouble()).isEmpty();
        assertThat(revision()).isEqualTo("c1");
    }

    @Test
    void whatWasSeenIsKeptInTrouble() {
        watch = watch(false);
        follow();
        awaitTold(1);
        argo.answerNext(502, Map.of("Content-Type", "text/html"), "<html>bad gateway</html>");
        awaitNextWithin(Duration.ofSeconds(11));

        time.turn(Duration.ofSeconds(11));

        awaitTold(2);
        assertThat(revision()).isEqualTo("c1");
        assertThat(watch.snapshot().read()).isTrue();
        assertThat(watch.snapshot().trouble().orElseThrow()).contains("answers with status 502");
    }

    @Test
    void aServerThatWantsToBeLeftAloneIs() {
        argo.answerNext(429, Map.of("Retry-After", "120"), "");
        follow();
        awaitTold(1);

        watch.pollNow();
        watch.refresh(WEB);
        assertThat(time.untilNext()).isEqualTo(Duration.ofSeconds(120));
        time.turn(Duration.ofSeconds(120));

        awaitRevision("c1");
        assertThat(argo.asked(LIST)).isEqualTo(2);
    }

    @Test
    void whoeverAsksForALookGetsOneButNoFlood() {
        watch = watch(false);
        follow();
        awaitLists(1, Duration.ofSeconds(10), Duration.ofSeconds(11));
        argo.put("web", 8, "c2");

        for (int i = 0; i < 1000; i++) {
            watch.pollNow();
        }
        assertThat(time.untilNext()).isEqualTo(Duration.ofSeconds(3));
        time.turn(Duration.ofSeconds(3));

        awaitRevision("c2");
        assertThat(argo.asked(LIST)).isEqualTo(2);
    }

    @Test
    void anApplicationIsRefreshedNowAndThen() {
        followWithStream();
        argo.put("web", 8, "c2");

        for (int i = 0; i < 100; i++) {
            watch.refresh(WEB);
            watch.refresh(new ApplicationId("argocd", "unknown"));
        }
        time.turn(Duration.ofSeconds(1));
        awaitRevision("c2");
        argo.put("web", 9, "c3");
        watch.refresh(WEB);
        time.turn(Duration.ofSeconds(10));
        watch.refresh(WEB);
        time.turn(Duration.ofSeconds(1));

        awaitRevision("c3");
        assertThat(argo.asked)
                .extracting(FakeArgoCd.Asked::uri)
                .filteredOn(uri -> uri.contains(LIST + "/"))
                .hasSize(2)
                .containsOnly("/argocd" + LIST + "/web?appNamespace=argocd&project=shop&refresh=normal");
    }

    @Test
    void anApplicationIsRefreshedSoonAfterEachOfItsOperations() {
        followWithStream();
        argo.put("web", 8, "c2", time.instant());
        watch.refresh(WEB);
        time.turn(Duration.ofSeconds(1));
        awaitRevision("c2");
        // Of this operation it was not asked yet: Argo CD told of it in the answer.
        argo.put("web", 9, "c3", time.instant());
        watch.refresh(WEB);
        time.turn(Duration.ofSeconds(1));
        awaitRevision("c3");
        argo.put("web", 10, "c4", time.instant().plusSeconds(1));
        watch.refresh(WEB);
        time.turn(Duration.ofSeconds(1));
        awaitRevision("c4");
    }

    @Test
    void ofManyApplicationsFewAreRefreshedAtATime() {
        for (int i = 0; i < 20; i++) {
            argo.put("app-" + i, 8, "c1");
        }
        watch = watch(false);
        follow();
        awaitLists(1, Duration.ofSeconds(10), Duration.ofSeconds(11));
        for (int i = 0; i < 8; i++) {
            argo.holdNext("");
        }

        watch.snapshot().applications().keySet().forEach(watch::refresh);
        time.turn(Duration.ofSeconds(1));

        await().until(() -> argo.streams() == 8);
        assertThat(argo.asked(LIST + "/")).isEqualTo(8);
        argo.answerHeld(ApplicationFixtures.json("web", 9, "c2"));
        awaitRevision("c2");
        await().until(() -> argo.asked(LIST + "/") == 21);
    }

    @Test
    void whenTheLastLeavesEverythingEndsAndTheNextBeginsAnew() {
        Subscription first = followWithStream();
        Subscription second = watch.follow(() -> {});
        first.close();
        first.close();
        assertThat(revision()).isEqualTo("c1");

        second.close();

        assertThat(watch.snapshot()).isSameAs(ServerSnapshot.NOTHING);
        await().untilAsserted(() -> {
            argo.write(":\n");
            assertThat(argo.streams()).isZero();
        });
        watch.pollNow();
        watch.refresh(WEB);
        long before = argo.asked.size();
        time.turn(Duration.ofMinutes(5));
        assertThat(argo.asked).hasSize((int) before);

        followWithStream();
        assertThat(revision()).isEqualTo("c1");
    }

    @Test
    void aFollowerThatFailsKeepsNobodyFromHearing() {
        watch.follow(() -> {
            throw new IllegalStateException("on purpose");
        });
        followWithStream();
        awaitTold(1);

        argo.tell("MODIFIED", ApplicationFixtures.json("web", 8, "c2"));

        awaitTold(2);
    }
}
