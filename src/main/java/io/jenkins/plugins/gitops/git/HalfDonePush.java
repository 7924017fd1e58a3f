package io.jenkins.plugins.gitops.git;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;

/**
 * An atomic push of which a server moved some refs and refused others, as Gerrit does where its access rights deny one.
 *
 * @param refused the refs that the server refused, each with its reason
 * @param ours the changes that it made, and that nobody has moved on since
 * @param movedOn the refs that it moved and that somebody has moved on since, each with its commit now
 */
record HalfDonePush(Map<String, String> refused, List<RefChange> ours, Map<String, ObjectId> movedOn) {

    /**
     * Compares what the server moved with what it has now.
     *
     * @param found all refs of the server now
     */
    static HalfDonePush of(PushResponse response, Map<String, ObjectId> found) {
        Map<Boolean, List<RefChange>> moved = response.moved().stream()
                .collect(Collectors.partitioningBy(change -> at(found, change).equals(change.to())));
        return new HalfDonePush(
                response.refusals(),
                moved.get(true),
                moved.get(false).stream().collect(Collectors.toMap(RefChange::ref, change -> at(found, change))));
    }

    private static ObjectId at(Map<String, ObjectId> found, RefChange change) {
        return found.getOrDefault(change.ref(), ObjectId.zeroId());
    }

    /** What undoes the push. */
    List<RefChange> back() {
        return ours.stream()
                .map(change -> new RefChange(change.ref(), change.to(), change.from()))
                .toList();
    }

    boolean isMovedOn() {
        return !movedOn.isEmpty();
    }

    /**
     * A sentence for a push that could not be undone wholly.
     *
     * @param undoing the response of the server to {@link #back}
     */
    String sentence(String url, PushResponse undoing) {
        Set<String> undone = undoing.moved().stream().map(RefChange::ref).collect(Collectors.toSet());
        List<RefChange> stay = undoing.accepted()
                ? List.of()
                : ours.stream().filter(change -> !undone.contains(change.ref())).toList();
        Stream<String> moved = Stream.concat(stay.stream().map(RefChange::ref), movedOn.keySet().stream());
        String byHand = stay.stream()
                .map(change -> isNone(change.from())
                        ? "delete " + change.ref()
                        : "set " + change.ref() + " to " + change.from().name())
                .collect(Collectors.joining(" and "));
        String others = movedOn.entrySet().stream()
                .map(ref -> " Somebody has "
                        + (isNone(ref.getValue())
                                ? "deleted " + ref.getKey()
                                : "moved " + ref.getKey() + " on to "
                                        + ref.getValue().name())
                        + " since, so it was left as it is: check that it is right without the refused ref.")
                .collect(Collectors.joining());
        return "The server of the config repository " + url + " moved "
                + moved.sorted().collect(Collectors.joining(" and "))
                + ", although it refused " + String.join(" and ", refused.keySet()) + " ("
                + String.join("; ", refused.values()) + ") in the same atomic push"
                + (stay.isEmpty() ? "" : ", and does not let that be undone") + "." + others
                + " Allow the credentials of this repository to push all of these refs, with force"
                + (byHand.isEmpty() ? "" : ", and by hand " + byHand) + ".";
    }

    private static boolean isNone(ObjectId commit) {
        return commit.equals(ObjectId.zeroId());
    }
}
