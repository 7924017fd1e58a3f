package sandbox.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks with git, after a run, whether each rule held. Uses no class of the plugin. */
final class ChaosCheck {
    private static final String STATE = "refs/gitops-waves/main/state";

    /** The seconds by which a push may follow a red verdict that was reported after the push was decided. */
    private static final long UNDER_WAY = 5;

    private static final Pattern TAG = Pattern.compile("\"(service\\d+)\": \"[^\"]*:(?:bad|v)(\\d+)\"");
    private static final Pattern OUTCOME = Pattern.compile("\"outcome\"\\s*:\\s*\"(\\w+)\"");

    private final ChaosRepository repository;
    private final ChaosPeople people;
    private final Set<String> green;
    private final Map<String, Long> red;
    private final List<ChaosRepository.Move> moves = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final Map<String, Integer> ends = new TreeMap<>();
    private int movesByPeople;
    private int changes;

    /**
     * Prepares the check.
     *
     * @param green the commits that CI reported green
     * @param red the commits that CI reported red, with the times of the reports in seconds since the epoch
     */
    ChaosCheck(ChaosRepository repository, ChaosPeople people, Set<String> green, Map<String, Long> red) {
        this.repository = repository;
        this.people = people;
        this.green = green;
        this.red = red;
    }

    List<String> broken() throws IOException {
        Set<String> ids = new TreeSet<>();
        for (ChaosRepository.Move move : repository.moves()) {
            if (move.ref().equals(ChaosRepository.MAIN)) {
                moves.add(move);
                checkMain(move);
            } else if (move.ref().equals(ChaosRepository.AUTO) && !move.deleted() && !people.moved(move)) {
                ids.addAll(idsIn(move.now(), "^" + repository.begin()));
            }
        }
        changes = ids.size();
        checkNothingTwice();
        checkNothingBackwards();
        checkEnds(ids);
        return broken;
    }

    int moves() {
        return moves.size();
    }

    int movesByPeople() {
        return movesByPeople;
    }

    int changes() {
        return changes;
    }

    Map<String, Integer> ends() {
        return ends;
    }

    private List<String> idsIn(String... range) {
        var arguments = new ArrayList<>(List.of("log", "--format=%(trailers:key=Autocommit-Id,valueonly)"));
        arguments.addAll(List.of(range));
        return repository.lines(arguments.toArray(String[]::new));
    }

    private void checkMain(ChaosRepository.Move move) {
        if (people.moved(move)) {
            movesByPeople++;
            return;
        }
        String what = "main moved from " + move.old() + " to " + move.now();
        if (move.deleted() || !repository.holds("merge-base", "--is-ancestor", move.old(), move.now())) {
            broken.add(what + ", which is not forward");
            return;
        }
        if (repository.isBad(move.now())) {
            broken.add(what + ", which has a bad image");
        }
        if (!green.contains(move.now())) {
            broken.add(what + ", which CI never reported green");
        }
        if (!repository.holds("notes", "--ref=gitops-waves", "show", move.now())) {
            broken.add(what + ", which has no note");
        }
        for (String commit : repository.lines("rev-list", move.old() + ".." + move.now())) {
            if (red.containsKey(commit) && red.get(commit) + UNDER_WAY < move.at()) {
                broken.add(what + " with " + commit + ", which CI had reported red before");
            }
        }
    }

    private void checkNothingTwice() {
        var seen = new HashSet<String>();
        for (String id : idsIn(ChaosRepository.MAIN)) {
            if (!seen.add(id)) {
                broken.add("the change " + id + " is on main twice");
            }
        }
    }

    private void checkNothingBackwards() {
        var newest = new HashMap<String, Long>();
        for (String commit : repository.lines("rev-list", "--first-parent", "--reverse", ChaosRepository.MAIN)) {
            for (Map.Entry<String, Long> service : versions(commit).entrySet()) {
                Long before = newest.put(service.getKey(), service.getValue());
                if (before != null && before > service.getValue()) {
                    broken.add(service.getKey() + " goes back from " + before + " to " + service.getValue() + " in "
                            + commit);
                }
            }
        }
    }

    private Map<String, Long> versions(String commit) {
        var versions = new HashMap<String, Long>();
        String file = commit + ":images/staging/tags.json";
        if (repository.holds("cat-file", "-e", file)) {
            Matcher tags = TAG.matcher(String.join("\n", repository.lines("show", file)));
            while (tags.find()) {
                versions.put(tags.group(1), Long.parseLong(tags.group(2)));
            }
        }
        return versions;
    }

    private void checkEnds(Set<String> ids) {
        var files = new HashMap<String, String>();
        // There is no state before the first decision.
        if (!repository.tip(STATE).isEmpty()) {
            for (String file : repository.lines("ls-tree", "-r", "--name-only", STATE, "changes/")) {
                files.put(file.replaceAll(".*/|\\.json$", ""), file);
            }
        }
        for (String id : ids) {
            if (!files.containsKey(id)) {
                ends.merge("none", 1, Integer::sum);
                broken.add("the change " + id + " was on auto and has no recorded end");
                continue;
            }
            String record = String.join("\n", repository.lines("show", STATE + ":" + files.get(id)));
            Matcher outcome = OUTCOME.matcher(record);
            ends.merge(outcome.find() ? outcome.group(1) : "unreadable", 1, Integer::sum);
        }
    }

    /** Whether a build has ended, from the text of its {@code build.xml}. */
    static boolean hasEnded(String build) {
        return build.contains("<completed>true</completed>");
    }

    /** Returns a sentence for each accepted announcement without a build that ended. */
    List<String> announcements(Set<Long> accepted, List<ServeProcess> controllers) throws IOException {
        var ended = new HashSet<String>();
        for (ServeProcess controller : controllers) {
            for (String build : controller.builds()) {
                Matcher sha = Pattern.compile("<appSha>(\\w+)</appSha>").matcher(build);
                if (sha.find() && hasEnded(build)) {
                    ended.add(sha.group(1));
                }
            }
        }
        return accepted.stream()
                .filter(number -> !ended.contains(ChaosAnnouncer.appSha(number)))
                .map(number -> "the announcement " + number + " was accepted, and no build of it ended")
                .toList();
    }
}
