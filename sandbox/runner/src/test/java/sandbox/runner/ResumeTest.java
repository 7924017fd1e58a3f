package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.SettableFuture;
import hudson.model.Result;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds that are left wherever they wait and gone on with from what lies on disk. Each note is a side effect, so a
 * note that is there twice, or is missing, is a part of the build that ran twice, or not at all.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResumeTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static final String CASC = """
            credentials:
              system:
                domainCredentials:
                  - credentials:
                      - string: {scope: GLOBAL, id: token, secret: hunter2}
            """;

    private static final String HELPERS = """
            def note(line) { appendLine(file: 'FOLDER/notes', line: "$line") }
            def hold(name, answer = 0) { return awaitFile(path: "FOLDER/$name", answer: answer) }
            """;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Sandbox sandbox;
    private BuildRequest request;
    private RunningBuild build;

    @BeforeEach
    void open() {
        sandbox = Sandbox.open(folder.resolve("home"), CASC, Map.of());
    }

    @AfterEach
    void close() {
        sandbox.close();
        AwaitFileStep.forgetAll();
    }

    private void start(String jenkinsfile) {
        String script = (HELPERS + jenkinsfile).replace("FOLDER", folder.toString());
        request = new BuildRequest("app", script, null, Map.of(), Map.of());
        build = sandbox.start(request, log);
    }

    /** Waits until the build waits for just these, leaves it, and goes on with it. */
    private void killedAt(String... names) {
        awaitWaitingFor(names);
        leave();
        resume();
        awaitWaitingFor(names);
    }

    private void leave() {
        // What was under way when the last of them began to wait is done and saved.
        SettableFuture<Void> saved = SettableFuture.create();
        JenkinsfileProgram.find("app#1").completeWhenSaved(saved);
        Futures.getUnchecked(saved);
        sandbox.close();
        AwaitFileStep.forgetAll();
        open();
    }

    private void resume() {
        build = sandbox.resume(request, log).orElseThrow();
    }

    private void awaitWaitingFor(String... names) {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> AwaitFileStep.WAITED_FOR.equals(Set.of(names))
                        || build.ended().isDone());
        assertThat(build.ended()).as(() -> log()).isNotDone();
    }

    private void release(String... names) throws IOException {
        for (String name : names) {
            Files.createFile(folder.resolve(name));
        }
    }

    private void killedAndReleased(String... names) throws IOException {
        killedAt(names);
        release(names);
    }

    private List<String> notes() throws IOException {
        return Files.readAllLines(folder.resolve("notes"));
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aBuildThatHadNoSavedStateYetIsBegunAgain() throws IOException {
        start("hold 'inside'; note 'done'");
        awaitWaitingFor("inside");
        leave();
        Files.delete(folder.resolve("home/jobs/app/builds/1/program.dat"));

        resume();
        awaitWaitingFor("inside");
        release("inside");

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes()).containsExactly("done");
        assertThat(build.await().number()).isEqualTo(1);
    }

    @Test
    void inALoopOverAList() throws IOException {
        start("""
                for (x in ['a', 'b', 'c']) {
                    note "before $x"
                    note "$x ${hold(x, 7)}"
                }
                note 'end'
                """);
        killedAndReleased("a");
        killedAndReleased("b");
        killedAndReleased("c");

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes()).containsExactly("before a", "a 7", "before b", "b 7", "before c", "c 7", "end");
    }

    @Test
    void inALoopOverAMapARangeAnArrayAndASet() throws IOException {
        start("""
                for (e in [a: 1, b: 2]) { note "${e.key} ${hold(e.key, e.value)}" }
                for (i in 3..4) { note "$i ${hold("r$i", i)}" }
                for (s in 'x,y'.split(',')) { note "$s ${hold(s, 5)}" }
                for (s in (['p', 'q'] as Set)) { note "$s ${hold(s, 6)}" }
                """);
        for (String name : List.of("a", "b", "r3", "r4", "x", "y", "p", "q")) {
            killedAndReleased(name);
        }

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes()).containsExactly("a 1", "b 2", "3 3", "4 4", "x 5", "y 5", "p 6", "q 6");
    }

    @Test
    void inALoopThatCounts() throws IOException {
        start("""
                int sum = 0
                for (int i = 0; i < 3; i++) {
                    note "before $i"
                    sum += hold("n$i", i + 1)
                }
                while (sum < 10) {
                    sum += hold("n$sum", 2)
                    note "sum $sum"
                }
                """);
        for (String name : List.of("n0", "n1", "n2", "n6", "n8")) {
            killedAndReleased(name);
        }

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes()).containsExactly("before 0", "before 1", "before 2", "sum 8", "sum 10");
    }

    @Test
    void inClosures() throws IOException {
        start("""
                def twice = { n -> note "twice $n"; return 2 * hold("t$n", n) }
                global = { n -> hold("g$n", n) + 1 }
                note twice(1)
                note global(2)
                note(['c', 'd'].collect { hold(it, 3) })
                [e: 4].each { k, v -> note "$k ${hold(k, v)}" }
                2.times { note "time $it ${hold("time$it", it)}" }
                """);
        for (String name : List.of("t1", "g2", "c", "d", "e", "time0", "time1")) {
            killedAndReleased(name);
        }

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes()).containsExactly("twice 1", "2", "3", "[3, 3]", "e 4", "time 0 0", "time 1 1");
    }

    @Test
    void inWhatElseGroovyHas() throws IOException {
        start("""
                class Box implements Serializable { int n }
                def box = new Box(n: 1)
                def down(n) { return n == 0 ? hold('down', 1) : 1 + down(n - 1) }
                note "down ${down(3)} ${box.n}"
                [f: 5].each { e -> note "$e.key ${hold(e.key, e.value)} ${box.n}" }
                ['g'].eachWithIndex { s, i -> note "$s $i ${hold(s, 6)}" }
                note([h: 7].collect { k, v -> hold(k, v) })
                note(['i', 'j'].findAll { hold(it, it == 'i' ? 1 : 0) == 1 })
                note(['k', 'l'].any { hold(it, 1) == 1 })
                (1..1).each { note "range ${hold("range$it", it)}" }
                note([1, 2].inject(0) { sum, n -> sum + hold("sum$n", n) })
                switch (hold('switch', 2)) { case 2: note 'two'; break; default: note 'other' }
                for (n in [1, 2, 3, 4]) {
                    if (n == 2) { continue }
                    if (hold("leap$n", n) == 3) { break }
                    note "leap $n"
                }
                def text = "made with $box.n"
                hold 'text'
                note text
                """);
        for (String name : List.of(
                "down", "f", "g", "h", "i", "j", "k", "range1", "sum1", "sum2", "switch", "leap1", "leap3", "text")) {
            killedAndReleased(name);
        }

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes())
                .containsExactly(
                        "down 4 1",
                        "f 5 1",
                        "g 0 6",
                        "[7]",
                        "[i]",
                        "true",
                        "range 1",
                        "3",
                        "two",
                        "leap 1",
                        "made with 1");
    }

    @Test
    void inParallelBranchesOfWhichSomeAreDone() throws IOException {
        start("""
                def results = parallel(
                    quick: { note 'quick'; return 1 },
                    slow: { note "slow ${hold('slow', 2)}"; return 2 },
                    slower: { for (n in [1, 2]) { note "slower ${hold("slower$n", n)}" }; return 3 })
                note "$results.quick $results.slow $results.slower"
                """);
        killedAt("slow", "slower1");
        release("slower1");
        killedAt("slow", "slower2");
        release("slow");
        killedAt("slower2");
        release("slower2");

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes()).containsExactly("quick", "slower 1", "slow 2", "slower 2", "1 2 3");
    }

    @Test
    void beforeParallelBranchesHaveBegun() throws IOException {
        start("""
                parallel(
                    one: {
                        if (new File('FOLDER/left').createNewFile()) { \
                        sandbox.runner.JenkinsfileProgram.suspendAll(); hold 'never' }
                        note 'one'
                    },
                    two: { note 'two' })
                note 'end'
                """);
        await().atMost(LONG).until(() -> build.ended().isCancelled());
        sandbox.close();
        open();
        resume();

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes()).containsExactly("one", "two", "end");
    }

    @Test
    void inParallelBranchesOfWhichOneHasFailed() throws IOException {
        start("""
                try {
                    parallel one: { error 'one is broken' }, two: { note "two ${hold('two', 2)}" }
                } catch (e) {
                    note "caught $e.message"
                    hold 'after'
                    note "still $e.message"
                }
                """);
        killedAndReleased("two");
        killedAndReleased("after");

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes()).containsExactly("two 2", "caught one is broken", "still one is broken");
    }

    @Test
    void theOtherBranchesAreStoppedByOneThatFailsAfterwards() throws IOException {
        start("""
                parallel failFast: true,
                    one: { hold 'one'; error 'one is broken' },
                    two: { try { hold 'two' } finally { note 'two cleaned up' } }
                """);
        killedAt("one", "two");
        release("one");

        assertThat(build.await().failure()).as(() -> log()).isEqualTo("one is broken");
        assertThat(notes()).containsExactly("two cleaned up");
    }

    @Test
    void inTheSecondAttempt() throws IOException {
        start("""
                int attempt = 0
                retry(3) {
                    attempt++
                    note "attempt $attempt"
                    hold "attempt$attempt"
                    if (attempt < 3) { error "attempt $attempt failed" }
                }
                note "succeeded at $attempt"
                """);
        for (String name : List.of("attempt1", "attempt2", "attempt3")) {
            killedAndReleased(name);
        }

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes()).containsExactly("attempt 1", "attempt 2", "attempt 3", "succeeded at 3");
    }

    @Test
    void attemptsThatWereMadeBeforeCount() throws IOException {
        start("""
                retry(count: 2, conditions: [failureNamed('again')]) {
                    note 'attempt'
                    hold UUID.randomUUID().toString().replaceAll('.+', 'attempt')
                    error 'again'
                }
                """);
        killedAndReleased("attempt");

        assertThat(build.await().failure()).as(() -> log()).isEqualTo("again");
        assertThat(notes()).containsExactly("attempt", "attempt");
    }

    @Test
    void aTimeLimitGoesOnWhileTheBuildIsAway() throws IOException {
        start("""
                try {
                    timeout(time: 30) { parallel(one: { hold 'one' }, two: { hold 'two' }) }
                } finally {
                    note 'cleaned up'
                }
                """);
        awaitWaitingFor("one", "two");
        leave();
        DriverRegistry.get().setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(31)));
        resume();

        assertThat(build.await().result()).as(() -> log()).isEqualTo(Result.ABORTED);
        assertThat(notes()).containsExactly("cleaned up");
        assertThat(log()).contains("Cancelling nested steps due to timeout", "Timeout has been exceeded");
    }

    @Test
    void theTimeThatIsLeftIsLeft() throws IOException {
        start("timeout(time: 30) { note hold('one', 1) }; note 'end'; hold 'two'");
        awaitWaitingFor("one");
        leave();
        DriverRegistry.get().setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(29)));
        resume();
        awaitWaitingFor("one");
        release("one");
        killedAndReleased("two");

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes()).containsExactly("1", "end");
    }

    @Test
    void whatWasCaughtBeforeStillCounts() throws IOException {
        start("""
                catchError(buildResult: 'UNSTABLE', message: 'flaky') { error 'x' }
                catchError { note hold('inside', 1) }
                note currentBuild.currentResult
                """);
        killedAndReleased("inside");

        assertThat(build.await().result()).as(() -> log()).isEqualTo(Result.UNSTABLE);
        assertThat(notes()).containsExactly("1", "UNSTABLE");
    }

    @Test
    void aFailureAfterwardsIsCaught() throws IOException {
        start("catchError(buildResult: 'UNSTABLE') { hold 'inside'; error 'broken' }; note 'went on'");
        killedAndReleased("inside");

        assertThat(build.await().result()).as(() -> log()).isEqualTo(Result.UNSTABLE);
        assertThat(notes()).containsExactly("went on");
    }

    @Test
    void credentialsAreBoundAndMaskedAgain() throws IOException {
        start("""
                node {
                    withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {
                        hold 'inside'
                        note TOKEN.length()
                        sh 'echo "it is $TOKEN"'
                    }
                    sh 'echo "left: $TOKEN"'
                }
                """);
        killedAndReleased("inside");

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes()).containsExactly("7");
        assertThat(log()).contains("it is ****", "left: \n").doesNotContain("hunter2");
    }

    @Test
    void variablesAndFoldersAreKept() throws IOException {
        start("""
                env.ONE = '1'
                shared = [list: [1, 2]]
                node {
                    dir('sub') {
                        withEnv(['TWO=2', 'PATH+X=/x']) {
                            shared.list << 3
                            hold 'inside'
                            note "$ONE $TWO $shared.list ${env.PATH.startsWith('/x:')}"
                            note sh(script: 'basename $(pwd)', returnStdout: true).trim()
                        }
                    }
                    note "$env.ONE $env.TWO"
                }
                """);
        killedAndReleased("inside");

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes()).containsExactly("1 2 [1, 2, 3] true", "sub", "1 null");
    }

    @Test
    void whatIsFinallyDoneIsDoneOnce() throws IOException {
        start("""
                try {
                    try {
                        note "inner ${hold('try', 1)}"
                        error 'broken'
                    } catch (e) {
                        note "caught ${hold('catch', 2)} $e.message"
                        throw e
                    } finally {
                        note "finally ${hold('finally', 3)}"
                    }
                } finally {
                    note 'outermost'
                }
                """);
        killedAndReleased("try");
        killedAndReleased("catch");
        killedAndReleased("finally");

        assertThat(build.await().failure()).as(() -> log()).isEqualTo("broken");
        assertThat(notes()).containsExactly("inner 1", "caught 2 broken", "finally 3", "outermost");
    }

    @Test
    void inBlocksWithinBlocks() throws IOException {
        start("""
                def work = { name, n ->
                    retry(2) {
                        note "$name $n"
                        if (hold("$name$n", n) == 1) { hold "$name-again"; n = 3; error "$name is flaky" }
                    }
                }
                for (int round = 1; round <= 2; round++) {
                    stage("Round $round") {
                        timeout(5) {
                            parallel(
                                left: { catchError { work('left', round) } },
                                right: {
                                    for (part in ['x', 'y']) {
                                        parallel inner: { note "$part ${hold("$part$round", round)}" }
                                    }
                                })
                        }
                    }
                }
                note 'end'
                """);
        killedAt("left1", "x1");
        release("left1");
        killedAt("left-again", "x1");
        release("x1");
        killedAt("left-again", "y1");
        release("left-again");
        killedAt("left3", "y1");
        release("left3", "y1");
        killedAt("left2", "x2");
        release("x2");
        killedAt("left2", "y2");
        release("left2", "y2");

        assertThat(build.await().isSuccess()).as(() -> log()).isTrue();
        assertThat(notes()).containsExactlyInAnyOrder("left 1", "x 1", "left 3", "y 1", "left 2", "x 2", "y 2", "end");
    }

    @Test
    void anAbortReachesABuildThatWasGoneOnWith() throws IOException {
        start("try { parallel(one: { hold 'one' }, two: { retry(5) { hold 'two' } }) } finally { note 'cleaned up' }");
        killedAt("one", "two");

        build.abort("ada");

        assertThat(build.await().result()).as(() -> log()).isEqualTo(Result.ABORTED);
        assertThat(notes()).containsExactly("cleaned up");
    }
}
