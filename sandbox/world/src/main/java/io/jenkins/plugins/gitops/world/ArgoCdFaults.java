package io.jenkins.plugins.gitops.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Faults between a simulated Argo CD and its clients, which tests request. */
public final class ArgoCdFaults {

    /** An answer that replaces the right one; its body breaks off in the middle if it is {@code cut}. */
    record Answer(int status, Map<String, String> headers, String body, boolean cut) {
        /** None at all: the connection is closed. */
        static final Answer NONE = new Answer(0, Map.of(), "", true);
    }

    private record PlannedAnswer(Predicate<ArgoCdSimulator.Request> matching, Answer answer) {}

    private final ApplicationStore store;
    private final List<PlannedAnswer> ordered = new ArrayList<>();
    private volatile Duration delay = Duration.ZERO;

    ArgoCdFaults(ApplicationStore store) {
        this.store = store;
    }

    static boolean take(AtomicInteger ordered) {
        return ordered.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    /** The next requests are refused with a status of HTTP and Argo CD's own body. */
    public void refuse(int count, int status, String message) {
        refuse(count, status, message, request -> true);
    }

    /** As {@link #refuse(int, int, String)}, of the requests that are matching. */
    public void refuse(int count, int status, String message, Predicate<ArgoCdSimulator.Request> matching) {
        String body = new ArgoCdApiError(ArgoCdApiError.Code.ofStatus(status), message)
                .body()
                .toString();
        answer(count, status, Map.of("Content-Type", "application/json"), body, matching);
    }

    /** Gives this response to the next matching requests. */
    public void answer(
            int count,
            int status,
            Map<String, String> headers,
            String body,
            Predicate<ArgoCdSimulator.Request> matching) {
        order(count, matching, new Answer(status, headers, body, false));
    }

    /** Answers the next requests with the login page of a proxy. */
    public void answerHtml(int count) {
        order(
                count,
                request -> true,
                new Answer(
                        200,
                        Map.of("Content-Type", "text/html; charset=utf-8"),
                        "<!doctype html><html><head><title>Log in</title></head><body></body></html>",
                        false));
    }

    /** Cuts the responses to the next requests in the middle. */
    public void cutAnswers(int count) {
        order(
                count,
                request -> true,
                new Answer(200, Map.of("Content-Type", "application/json"), "{\"items\":[{", true));
    }

    /** Closes the connection of the next requests without a response. */
    public void dropRequests(int count) {
        order(count, request -> true, Answer.NONE);
    }

    /** Delays every response. */
    public void delay(Duration delay) {
        this.delay = delay;
    }

    /** Freezes what lists and single reads return, or ends that; streams are not affected. */
    public void staleReads(boolean stale) {
        store.freeze(stale);
    }

    /** Sends the next events to no stream, like those between a stream's first list and its subscription. */
    public void loseEvents(int count) {
        store.loseEvents(count);
    }

    /** Cuts every open stream. */
    public void dropStreams() {
        store.tellAll(ApplicationStore.Event.BREAK);
    }

    /** Ends every open stream with an error message. */
    public void failStreams(int status, String message) {
        store.tellAll(
                ApplicationStore.Event.failure(new ArgoCdApiError(ArgoCdApiError.Code.ofStatus(status), message)));
    }

    /** Keeps streams open but sends nothing, not even comments, or ends that; missed events are not sent later. */
    public void silenceStreams(boolean silent) {
        store.silence(silent);
    }

    Duration delay() {
        return delay;
    }

    private synchronized void order(int count, Predicate<ArgoCdSimulator.Request> matching, Answer answer) {
        for (int i = 0; i < count; i++) {
            ordered.add(new PlannedAnswer(matching, answer));
        }
    }

    /** The answer that is ordered for a request, or empty if it is to get the right one. */
    synchronized Optional<Answer> next(ArgoCdSimulator.Request request) {
        for (PlannedAnswer next : ordered) {
            if (next.matching.test(request)) {
                ordered.remove(next);
                return Optional.of(next.answer);
            }
        }
        return Optional.empty();
    }
}
