package io.jenkins.plugins.gitops.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** What goes wrong between a simulated Argo CD and those who ask it, on command. */
public final class ArgoCdFaults {

    /** An answer that replaces the right one; its body breaks off in the middle if it is {@code cut}. */
    record Answer(int status, Map<String, String> headers, String body, boolean cut) {
        /** None at all: the connection is closed. */
        static final Answer NONE = new Answer(0, Map.of(), "", true);
    }

    private record Ordered(Predicate<ArgoCdSimulator.Request> concerned, Answer answer) {}

    private final ApplicationStore store;
    private final List<Ordered> ordered = new ArrayList<>();
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

    /** As {@link #refuse(int, int, String)}, of the requests that are concerned. */
    public void refuse(int count, int status, String message, Predicate<ArgoCdSimulator.Request> concerned) {
        String body = new ArgoCdApiError(ArgoCdApiError.Code.ofStatus(status), message)
                .body()
                .toString();
        answer(count, status, Map.of("Content-Type", "application/json"), body, concerned);
    }

    /** The next requests that are concerned get this answer, whatever they ask. */
    public void answer(
            int count,
            int status,
            Map<String, String> headers,
            String body,
            Predicate<ArgoCdSimulator.Request> concerned) {
        order(count, concerned, new Answer(status, headers, body, false));
    }

    /** The next requests get the page of a proxy that wants people to log in. */
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

    /** The answers to the next requests break off in the middle. */
    public void cutAnswers(int count) {
        order(
                count,
                request -> true,
                new Answer(200, Map.of("Content-Type", "application/json"), "{\"items\":[{", true));
    }

    /** The next requests get no answer but a closed connection. */
    public void dropRequests(int count) {
        order(count, request -> true, Answer.NONE);
    }

    /** Every request is answered this much later. */
    public void delay(Duration delay) {
        this.delay = delay;
    }

    /** Lists and single reads show from now on what is there now, or again what is there; streams are not concerned. */
    public void staleReads(boolean stale) {
        store.freeze(stale);
    }

    /** The next events reach no stream, as those between a stream's first list and its subscription. */
    public void loseEvents(int count) {
        store.loseEvents(count);
    }

    /** Every stream that is open breaks off. */
    public void dropStreams() {
        store.tellAll(ApplicationStore.Event.BREAK);
    }

    /** Every stream that is open ends with an error of its own form. */
    public void failStreams(int status, String message) {
        store.tellAll(
                ApplicationStore.Event.failure(new ArgoCdApiError(ArgoCdApiError.Code.ofStatus(status), message)));
    }

    /** Streams stay open and say nothing any more, not even that they are alive; what they missed is not sent later. */
    public void silenceStreams(boolean silent) {
        store.silence(silent);
    }

    Duration delay() {
        return delay;
    }

    private synchronized void order(int count, Predicate<ArgoCdSimulator.Request> concerned, Answer answer) {
        for (int i = 0; i < count; i++) {
            ordered.add(new Ordered(concerned, answer));
        }
    }

    /** The answer that is ordered for a request, or empty if it is to get the right one. */
    synchronized Optional<Answer> next(ArgoCdSimulator.Request request) {
        for (Ordered next : ordered) {
            if (next.concerned.test(request)) {
                ordered.remove(next);
                return Optional.of(next.answer);
            }
        }
        return Optional.empty();
    }
}
