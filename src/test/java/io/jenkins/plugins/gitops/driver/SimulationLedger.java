package io.jenkins.plugins.gitops.driver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.driver.MemoryTransport.Move;
import io.jenkins.plugins.gitops.driver.SimulatedHistory.Build;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.notes.NoteMap;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * The books of a simulation: checks every move of a ref by the invariants of spec section 3.6, from git's objects and
 * what the actors asked for, without any code of the engine.
 */
final class SimulationLedger {

    static final String MAIN = "refs/heads/main";
    static final String AUTO = "refs/heads/auto";
    static final String AUTO_AS_PUSHED = "refs/gitops-waves/main/auto";
    static final String STATE = "refs/gitops-waves/main/state";
    static final String NOTES = "refs/notes/gitops-waves";
    static final String CHECKS = "refs/gitops-waves/main/checks/";
    static final String EVICTED = "refs/gitops-waves/main/evicted/";
    static final List<String> WAVES = List.of("staging", "preview");

    /** The default of {@code brokenCheckGrace}. */
    private static final Duration BROKEN_CHECK_GRACE = Duration.ofMinutes(30);

    private static final Pattern ID = Pattern.compile("(?m)^Autocommit-Id: (\\S+)$");
    private static final Pattern SERVICES = Pattern.compile("(?m)^Autocommit-Services: (.*+(?:\\n .*+)*+)$");
    private static final Pattern MARKER = Pattern.compile("\\((h\\d+)\\)");
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A commit.
     *
     * @param key what stays of it in every rewrite: the id of a change, or the mark of a person's commit
     */
    record Facts(
            ObjectId sha,
            List<ObjectId> parents,
            ObjectId tree,
            String message,
            PersonIdent author,
            String key,
            Set<String> services) {}

    /** How a change ended, as the state ref says. */
    record End(String key, String outcome, String cause, ObjectId sha, String mainSha) {}

    /**
     * What a process read before it pushed: each ref as it was at the beginning or the end of its look. And what CI has
     * told it and it need not have kept.
     *
     * @param at when it began to read; what had lasted too short by then may have lasted long enough when it pushes
     */
    record Seen(
            int step,
            Instant at,
            Map<String, ObjectId> begin,
            Map<String, ObjectId> end,
            Map<String, ObjectId> read,
            List<SimulatedCi.Word> told) {

        Seen told(List<SimulatedCi.Word> words) {
            return new Seen(step, at, begin, end, read, words);
        }

        Seen with(Map<String, Move> moves) {
            var moved = new TreeMap<>(read);
            moves.forEach((ref, move) -> {
                if (move.to().equals(ObjectId.zeroId())) {
                    moved.remove(ref);
                } else {
                    moved.put(ref, move.to());
                }
            });
            return new Seen(step, at, moved, moved, moved, List.of());
        }

        ObjectId get(String ref) {
            return read.getOrDefault(ref, ObjectId.zeroId());
        }
    }

    private record Place(String job, String wave, String service) {}

    private final SimulatedHistory world;
    private final MemoryRepository git;
    private final ObjectReader reader;
    private final Map<ObjectId, Facts> facts = new HashMap<>();
    private final Map<ObjectId, Map<String, Map<String, String>>> images = new HashMap<>();
    private final Map<ObjectId, Map<Place, Long>> newest = new HashMap<>();
    private final Map<String, End> ends = new LinkedHashMap<>();
    private final Map<String, Integer> endedAt = new HashMap<>();
    /** The commits of main, with the number of the move that brought them there. */
    private final Map<ObjectId, Integer> onMain = new HashMap<>();

    private final Set<String> keysOnMain = new HashSet<>();
    private final Set<ObjectId> pushed = new HashSet<>();
    private final Map<String, Facts> firstOf = new HashMap<>();

    /** Each change as it was pushed last. */
    private final Map<String, Facts> lastOf = new HashMap<>();

    private final Set<String> pushedAgain = new HashSet<>();
    private final Set<String> removedByPeople = new HashSet<>();
    private final Set<String> movedToMainByPeople = new HashSet<>();

    SimulationLedger(SimulatedHistory world, MemoryRepository git) {
        this.world = world;
        this.git = git;
        reader = git.newObjectReader();
    }

    // ---- what git holds ---------------------------------------------------------------------------------------

    Facts facts(ObjectId sha) {
        return facts.computeIfAbsent(sha, this::read);
    }

    private Facts read(ObjectId sha) {
        try (var walk = new RevWalk(reader)) {
            RevCommit commit = walk.parseCommit(sha);
            String message = commit.getFullMessage();
            Matcher id = ID.matcher(message);
            Matcher marker = MARKER.matcher(commit.getShortMessage());
            Matcher services = SERVICES.matcher(message);
            var parents = new ArrayList<ObjectId>();
            for (RevCommit parent : commit.getParents()) {
                parents.add(parent.copy());
            }
            return new Facts(
                    sha.copy(),
                    parents,
                    commit.getTree().copy(),
                    message,
                    commit.getAuthorIdent(),
                    id.find() ? id.group(1) : marker.find() ? marker.group(1) : sha.name(),
                    services.find() && !services.group(1).isBlank()
                            ? new LinkedHashSet<>(List.of(services.group(1).split(",\\s+")))
                            : Set.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The commits above a base along first parents, oldest first; nothing if the base is not among them. */
    Optional<List<Facts>> straightLine(ObjectId base, ObjectId tip) {
        var line = new ArrayList<Facts>();
        for (Facts at = facts(tip);
                !at.sha().equals(base);
                at = facts(at.parents().get(0))) {
            if (at.parents().size() != 1) {
                return Optional.empty();
            }
            line.add(at);
        }
        Collections.reverse(line);
        return Optional.of(line);
    }

    /** The commits along first parents that main did not have when this was its tip, oldest first. */
    List<Facts> queued(ObjectId main, ObjectId auto) {
        int then = onMain.get(main);
        var line = new ArrayList<Facts>();
        for (ObjectId at = auto; !at.equals(ObjectId.zeroId()) && onMain.getOrDefault(at, then + 1) > then; ) {
            Facts commit = facts(at);
            line.add(commit);
            at = commit.parents().isEmpty()
                    ? ObjectId.zeroId()
                    : commit.parents().get(0);
        }
        Collections.reverse(line);
        return line;
    }

    Optional<String> file(ObjectId tree, String path) {
        try (TreeWalk walk = TreeWalk.forPath(reader, path, tree)) {
            return walk == null
                    ? Optional.empty()
                    : Optional.of(
                            new String(reader.open(walk.getObjectId(0)).getCachedBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What differs between two trees: each path with its blob in the second one, zero where that has none. */
    private Map<String, ObjectId> difference(ObjectId before, ObjectId after) {
        try (var walk = new TreeWalk(reader)) {
            walk.setRecursive(true);
            walk.setFilter(TreeFilter.ANY_DIFF);
            walk.addTree(before);
            walk.addTree(after);
            var paths = new TreeMap<String, ObjectId>();
            while (walk.next()) {
                paths.put(walk.getPathString(), walk.getObjectId(1));
            }
            return paths;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The images of a tree: wave, service, tag and digest; a wave whose files cannot be read is missing. */
    Map<String, Map<String, String>> images(ObjectId tree) {
        return images.computeIfAbsent(tree, id -> {
            var waves = new HashMap<String, Map<String, String>>();
            for (String wave : WAVES) {
                try {
                    Map<String, String> tags = json(id, "images/" + wave + "/tags.json");
                    Map<String, String> digests = json(id, "images/" + wave + "/digests.json");
                    if (tags.keySet().equals(digests.keySet())) {
                        tags.replaceAll((service, tag) -> tag + " " + digests.get(service));
                        waves.put(wave, tags);
                    }
                } catch (JsonProcessingException e) {
                    // It is missing from what can be read.
                }
            }
            return waves;
        });
    }

    private Map<String, String> json(ObjectId tree, String path) throws JsonProcessingException {
        var values = new TreeMap<String, String>();
        for (var entry : JSON.readTree(file(tree, path).orElse("{}")).properties()) {
            values.put(entry.getKey(), entry.getValue().asText());
        }
        return values;
    }

    /** What git says CI said of a commit: {@code success}, {@code failure}, ..., or an empty text. */
    String reported(Map<String, ObjectId> refs, ObjectId commit) {
        ObjectId checks = refs.get(CHECKS + commit.name());
        return checks == null ? "" : check(checks).path("state").asText();
    }

    /**
     * A verdict on a commit.
     *
     * @param brokenRuns how many runs of the check had broken down by then
     */
    private record Said(String state, Instant at, long run, int brokenRuns) {}

    /** What a process can have taken for the verdict of a commit: what is kept, or what it was told just now. */
    private Stream<Said> verdicts(Seen seen, ObjectId commit) {
        Optional<Said> kept = kept(seen.read(), commit);
        Stream<Said> told = seen.told().stream()
                .filter(word -> word.sha().equals(commit.name()))
                .map(word -> new Said(
                        word.state().toString(),
                        word.at(),
                        word.run(),
                        kept.map(before -> brokenRuns(before, word)).orElse(1)));
        return Stream.concat(kept.stream(), told);
    }

    /** The runs that have broken down if the one of this word has, too; a run counts once. */
    private static int brokenRuns(Said before, SimulatedCi.Word word) {
        boolean counted = before.run() == word.run() && before.state().equals("error");
        return before.brokenRuns() + (counted ? 0 : 1);
    }

    /** What git says CI said of a commit. */
    private Optional<Said> kept(Map<String, ObjectId> refs, ObjectId commit) {
        return Optional.ofNullable(refs.get(CHECKS + commit.name()))
                .map(this::check)
                .filter(said -> said.has("state"))
                .map(said -> new Said(
                        said.path("state").asText(),
                        Instant.parse(said.path("at").asText()),
                        said.path("run").asLong(),
                        said.path("broken").asInt()));
    }

    private JsonNode check(ObjectId checks) {
        try {
            return JSON.readTree(file(facts(checks).tree(), "checks.json").orElse("{}"))
                    .path(RepositoryScene.CHECK);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By then a fault was found; or the check broke down, twice or without a better run for the grace that it has. */
    private boolean isRed(Said said, Instant at) {
        return said.state().equals("failure")
                || said.state().equals("error")
                        && (said.brokenRuns() > 1 || !at.isBefore(said.at().plus(BROKEN_CHECK_GRACE)));
    }

    /** Whether it was written down how a change ended. */
    Optional<End> end(String key) {
        return Optional.ofNullable(ends.get(key));
    }

    boolean isOnMain(String key) {
        return keysOnMain.contains(key);
    }

    boolean wasRemovedByPeople(String key) {
        return removedByPeople.contains(key);
    }

    boolean wasMovedToMainByPeople(String key) {
        return movedToMainByPeople.contains(key);
    }

    // ---- moves by people --------------------------------------------------------------------------------------

    /** Somebody moved refs; what they do is right by definition, and is remembered. */
    void movedByPeople(Map<String, ObjectId> before, Map<String, ObjectId> after) {
        ObjectId oldAuto = before.getOrDefault(AUTO, ObjectId.zeroId());
        List<Facts> old = before.isEmpty() ? List.of() : queued(before.get(MAIN), oldAuto);
        var onMainBefore = new HashSet<>(keysOnMain);
        noteMain(after);
        keysOnMain.stream().filter(key -> !onMainBefore.contains(key)).forEach(movedToMainByPeople::add);
        ObjectId newAuto = after.getOrDefault(AUTO, ObjectId.zeroId());
        List<Facts> now = queued(after.get(MAIN), newAuto);
        now.forEach(this::notePushed);
        if (!oldAuto.equals(newAuto)) {
            var kept = new HashSet<String>();
            now.forEach(commit -> kept.add(commit.key()));
            old.stream().map(Facts::key).filter(key -> !kept.contains(key)).forEach(removedByPeople::add);
            // A hand-made commit has no identity beyond its SHA: pushed again it is a new one.
            kept.stream().filter(key -> !world.builds.containsKey(key)).forEach(pushedAgain::add);
        }
    }

    private void notePushed(Facts commit) {
        pushed.add(commit.sha());
        firstOf.putIfAbsent(commit.key(), commit);
        lastOf.put(commit.key(), commit);
    }

    private void noteMain(Map<String, ObjectId> refs) {
        int move = onMain.size() + 1;
        var open = new ArrayDeque<>(List.of(refs.get(MAIN)));
        while (!open.isEmpty()) {
            ObjectId sha = open.pop();
            if (onMain.putIfAbsent(sha, move) == null) {
                Facts commit = facts(sha);
                notePushed(commit);
                keysOnMain.add(commit.key());
                open.addAll(commit.parents());
            }
        }
    }

    // ---- moves by processes -----------------------------------------------------------------------------------

    /** A process moved refs. */
    void movedByProcess(Seen seen, Map<String, Move> moves, Map<String, ObjectId> after) {
        for (String ref : moves.keySet()) {
            require(
                    ref.equals(MAIN)
                            || ref.equals(AUTO)
                            || ref.equals(AUTO_AS_PUSHED)
                            || ref.equals(STATE)
                            || ref.equals(NOTES)
                            || ref.startsWith(CHECKS)
                            || ref.startsWith(EVICTED)
                            || ref.matches("refs/heads/auto-ci/[1-4]"),
                    "nobody asked for a move of " + ref);
        }
        if (moves.containsKey(AUTO_AS_PUSHED)) {
            require(
                    moves.containsKey(AUTO)
                            && moves.get(AUTO_AS_PUSHED)
                                    .to()
                                    .equals(moves.get(AUTO).to()),
                    AUTO_AS_PUSHED + " moves with auto only");
        }
        Map<String, End> ended = moves.containsKey(STATE) ? state(moves.get(STATE)) : Map.of();
        moves.forEach((ref, move) -> {
            if (ref.startsWith(CHECKS) && !move.to().equals(ObjectId.zeroId())) {
                JsonNode said = check(move.to());
                require(
                        world.ci.said(
                                ref.substring(CHECKS.length()),
                                said.path("run").asLong(),
                                said.path("state").asText()),
                        "CI never said what " + ref + " holds: " + said);
                require(
                        move.from().equals(ObjectId.zeroId())
                                || check(move.from()).path("run").asLong()
                                        <= said.path("run").asLong(),
                        ref + " goes back to a lower run: " + said);
            }
            if (ref.startsWith("refs/heads/auto-ci/")) {
                require(pushed.contains(move.to()), "a commit to test is one of auto");
            }
        });
        if (moves.containsKey(MAIN)) {
            main(seen, moves.get(MAIN), moves, ended);
        }
        if (moves.containsKey(AUTO)) {
            auto(seen, moves.get(AUTO).to(), ended, after);
        }
        for (End end : ended.values()) {
            end(seen, end, after);
        }
        ends.putAll(ended);
        ended.keySet().forEach(key -> endedAt.put(key, world.steps()));
    }

    private void main(Seen seen, Move move, Map<String, Move> moves, Map<String, End> ended) {
        Optional<List<Facts>> line = straightLine(move.from(), move.to());
        require(
                line.isPresent() && !line.get().isEmpty(),
                "main goes along one straight line from where it was: "
                        + move.to().name());
        require(moves.containsKey(STATE), "main moves together with the state");
        require(moves.containsKey(NOTES) && hasNote(moves.get(NOTES).to(), move.to()), "main's new tip has evidence");
        require(
                verdicts(seen, move.to()).anyMatch(verdict -> verdict.state().equals("success"))
                        && world.ci.succeeded(move.to()),
                "main's new tip is green: " + shown(move.to()));
        for (Facts commit : line.get()) {
            require(
                    kept(seen.begin(), commit.sha())
                                    .filter(said -> isRed(said, seen.at()))
                                    .isEmpty()
                            || kept(seen.end(), commit.sha())
                                    .filter(said -> isRed(said, seen.at()))
                                    .isEmpty()
                            || verdicts(seen, commit.sha()).anyMatch(verdict -> !isRed(verdict, seen.at())),
                    "main takes no red commit along: " + shown(commit.sha()));
            End before = ends.get(commit.key());
            require(
                    before == null || pushedAgain.contains(commit.key()),
                    "a change that ended as " + before + " goes to main");
            End now = ended.get(commit.key());
            require(now != null && now.outcome().equals("merged"), shown(commit.sha()) + " is written down as merged");
        }
        noteMain(Map.of(MAIN, move.to()));
    }

    private boolean hasNote(ObjectId notes, ObjectId commit) {
        try (var walk = new RevWalk(reader)) {
            return NoteMap.read(reader, walk.parseCommit(notes)).contains(commit);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void auto(Seen seen, ObjectId tip, Map<String, End> ended, Map<String, ObjectId> after) {
        Optional<List<Facts>> straight = straightLine(seen.get(MAIN), tip);
        require(straight.isPresent(), "auto is a straight line on the main that was read");
        List<Facts> old = queued(seen.get(MAIN), seen.get(AUTO));
        var before = new HashMap<String, Facts>();
        old.forEach(commit -> before.put(commit.key(), commit));
        var keys = new HashSet<String>();
        for (Facts commit : straight.get()) {
            String key = commit.key();
            require(keys.add(key) || !world.builds.containsKey(key), key + " is twice on auto");
            require(!ended.containsKey(key), key + " ended and is queued all the same");
            if (world.builds.containsKey(key)) {
                require(
                        !seen.get(MAIN).equals(after.get(MAIN))
                                || !keysOnMain.contains(key)
                                || movedToMainByPeople.contains(key),
                        key + " is queued although main has it");
                require(
                        !ends.containsKey(key) || before.containsKey(key) || endedAt.get(key) > seen.step(),
                        key + " is queued again after it had ended: " + ends.get(key));
            } else if (ends.containsKey(key)) {
                // Nothing but its SHA tells one hand-made commit from another, and a replay changes that.
                pushedAgain.add(key);
            }
            if (!pushed.contains(commit.sha())) {
                asked(commit, before.getOrDefault(key, world.builds.containsKey(key) ? null : firstOf.get(key)));
                notePushed(commit);
            }
        }
        for (Facts commit : old) {
            require(
                    keys.contains(commit.key())
                            || ended.containsKey(commit.key())
                            || ends.containsKey(commit.key())
                            || keysOnMain.contains(commit.key()),
                    commit.key() + " was dropped without a word");
        }
    }

    /** Nothing is pushed that nobody asked for, and it changes what was asked and nothing else. */
    private void asked(Facts commit, @Nullable Facts before) {
        Facts parent = facts(commit.parents().get(0));
        Map<String, ObjectId> changed = difference(parent.tree(), commit.tree());
        if (before != null) {
            require(
                    before.author().equals(commit.author())
                            && withoutServices(before.message()).equals(withoutServices(commit.message())),
                    commit.key() + " keeps its author and message");
        }
        Build build = world.builds.get(commit.key());
        if (build == null) {
            require(before != null, "nobody asked for " + commit);
            Facts first = firstOf.get(commit.key());
            Set<String> byHand = difference(facts(first.parents().get(0)).tree(), first.tree())
                    .keySet();
            require(byHand.containsAll(changed.keySet()), commit.key() + " changes " + changed.keySet());
            return;
        }
        String wave = build.change.wavePath().toString();
        for (String path : changed.keySet()) {
            require(path.startsWith("images/" + wave + "/"), commit.key() + " changes " + path);
        }
        Map<String, String> present = images(parent.tree()).get(wave);
        Map<String, String> after = images(commit.tree()).get(wave);
        require(present != null && after != null, commit.key() + " is laid on images that cannot be read");
        Map<Place, Long> newer = newest(parent.sha());
        // A driver that has read no auto makes a change anew, or lays the queue that it remembers on main: what a
        // change
        // has left to a later build may stay left to it, also when that one has been evicted since.
        Facts last = before == null ? lastOf.get(commit.key()) : before;
        for (String service : last == null ? build.values.keySet() : last.services()) {
            require(
                    commit.services().contains(service) || isLater(newer, build, service),
                    commit.key() + " leaves out " + service + " to a later build");
        }
        for (String service : commit.services()) {
            require(
                    build.values.containsKey(service)
                            && build.values.get(service).equals(after.get(service)),
                    commit.key() + " gives " + service + " the value it asked for");
            inOrder(newer, build, service, commit);
            inOrder(newer, build, "*", commit);
        }
        var services = new HashSet<>(present.keySet());
        services.addAll(after.keySet());
        for (String service : services) {
            if (Objects.equals(present.get(service), after.get(service))) {
                continue;
            }
            boolean removed = build.change.operation() == ChangeOperation.REPLACE && !after.containsKey(service);
            require(commit.services().contains(service) || removed, commit.key() + " changes " + service);
            if (removed && isOf(present.get(service), newer, build, service)) {
                inOrder(newer, build, service, commit);
            }
        }
    }

    /** Whether an image is the one that the newest build of a job wrote; somebody may have written another since. */
    private boolean isOf(String image, Map<Place, Long> newest, Build build, String service) {
        Long rank = newest.get(new Place(build.job, build.change.wavePath().toString(), service));
        return world.builds.values().stream()
                .anyMatch(other -> other.job.equals(build.job)
                        && Objects.equals(rank, other.rank)
                        && image.equals(other.values.get(service)));
    }

    private void inOrder(Map<Place, Long> newer, Build build, String service, Facts commit) {
        Long written = newer.get(new Place(build.job, build.change.wavePath().toString(), service));
        require(
                written == null || written <= build.rank,
                commit.key() + " of " + build + " writes " + service + ", which a later build of its job (" + written
                        + ") has written");
    }

    /** Who wrote last, in a commit and all below it. */
    private Map<Place, Long> newest(ObjectId sha) {
        Map<Place, Long> known = newest.get(sha);
        if (known != null) {
            return known;
        }
        Facts commit = facts(sha);
        var writers = new HashMap<Place, Long>();
        for (ObjectId parent : commit.parents()) {
            newest(parent).forEach((place, rank) -> writers.merge(place, rank, Math::max));
        }
        Build build = world.builds.get(commit.key());
        if (build != null) {
            for (String service : commit.services()) {
                writers.merge(new Place(build.job, build.change.wavePath().toString(), service), build.rank, Math::max);
            }
            if (build.change.operation() == ChangeOperation.REPLACE) {
                writers.merge(new Place(build.job, build.change.wavePath().toString(), "*"), build.rank, Math::max);
            }
        }
        newest.put(sha, writers);
        return writers;
    }

    private static String withoutServices(String message) {
        return SERVICES.matcher(message).replaceFirst("");
    }

    // ---- what builds are told ---------------------------------------------------------------------------------

    /** A build was told what became of its change, by a process that had read this. */
    void answered(Seen seen, Build build, SubmittedChange appended) {
        String id = build.change.id();
        List<Facts> line = queued(seen.get(MAIN), seen.get(AUTO));
        ObjectId tip =
                line.isEmpty() ? seen.get(MAIN) : line.get(line.size() - 1).sha();
        var services = new HashSet<>(build.values.keySet());
        services.removeIf(service -> isLater(newest(tip), build, service));
        if (appended.superseded()) {
            require(services.isEmpty() || ends.containsKey(id), build + " is superseded, but for " + services);
        } else if (!appended.changed()) {
            require(has(seen.get(MAIN), build, services), build + " changes nothing: main has it");
            for (Facts commit : line) {
                require(has(commit.sha(), build, services), build + " changes nothing: " + commit.key() + " leaves it");
            }
        } else if (appended.state() == SubmittedChange.State.ATTACHED) {
            Optional<Facts> to = line.stream()
                    .filter(commit -> commit.key().equals(appended.id()))
                    .findFirst();
            require(to.isPresent(), build + " is attached to what is queued: " + appended);
            require(has(to.get().sha(), build, services), build + " is brought by " + appended.id());
            services.removeIf(service -> has(seen.get(MAIN), build, Set.of(service)));
            require(to.get().services().containsAll(services), build + " is brought by " + appended.id() + " alone");
        } else {
            boolean queued = line.stream().anyMatch(commit -> commit.key().equals(id));
            require(queued || keysOnMain.contains(id) || ends.containsKey(id), build + " is queued");
        }
    }

    private boolean has(ObjectId commit, Build build, Set<String> services) {
        Map<String, String> images = images(facts(commit).tree())
                .getOrDefault(build.change.wavePath().toString(), Map.of());
        return services.stream().allMatch(service -> build.values.get(service).equals(images.get(service)));
    }

    private static boolean isLater(Map<Place, Long> newest, Build build, String service) {
        String wave = build.change.wavePath().toString();
        return newest.getOrDefault(new Place(build.job, wave, service), 0L) > build.rank
                || newest.getOrDefault(new Place(build.job, wave, "*"), 0L) > build.rank;
    }

    // ---- how changes end --------------------------------------------------------------------------------------

    private Map<String, End> state(Move move) {
        var added = new LinkedHashMap<String, End>();
        ObjectId before = move.from().equals(ObjectId.zeroId())
                ? ObjectId.zeroId()
                : facts(move.from()).tree();
        Map<String, ObjectId> files = before.equals(ObjectId.zeroId())
                ? all(facts(move.to()).tree())
                : difference(before, facts(move.to()).tree());
        files.forEach((path, blob) -> {
            require(!blob.equals(ObjectId.zeroId()), "the state forgets " + path);
            if (!path.startsWith("changes/")) {
                return;
            }
            try {
                JsonNode said = JSON.readTree(reader.open(blob).getCachedBytes());
                String id = said.path("id").asText();
                Matcher marker = MARKER.matcher(said.path("subject").asText());
                String key = id.length() == 40 && marker.find() ? marker.group(1) : id;
                var end = new End(
                        key,
                        said.path("outcome").asText(),
                        said.path("cause").asText(),
                        ObjectId.fromString(said.path("sha").asText()),
                        said.path("mainSha").asText());
                require(
                        !ends.containsKey(key) || pushedAgain.contains(key),
                        key + " ends twice: " + ends.get(key) + ", " + end);
                require(!said.path("reason").asText().isEmpty(), end + " has a reason");
                added.put(key, end);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return added;
    }

    private Map<String, ObjectId> all(ObjectId tree) {
        try (var walk = new TreeWalk(reader)) {
            walk.setRecursive(true);
            walk.addTree(tree);
            var paths = new TreeMap<String, ObjectId>();
            while (walk.next()) {
                paths.put(walk.getPathString(), walk.getObjectId(0));
            }
            return paths;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end(Seen seen, End end, Map<String, ObjectId> after) {
        Build build = world.builds.get(end.key());
        require(
                end.outcome().equals("merged")
                        || !onMain.containsKey(end.sha())
                        || !seen.get(MAIN).equals(after.get(MAIN)),
                end + " ended, and is main's own");
        switch (end.outcome()) {
            case "merged" -> require(keysOnMain.contains(end.key()), end + " is on main");
            case "satisfied" -> satisfied(seen, end, build, after);
            case "superseded" -> {
                require(build != null, end + " is a build's");
                Map<Place, Long> newer = newest(after.get(AUTO));
                for (String service : facts(end.sha()).services()) {
                    require(isLater(newer, build, service), end + " of " + build + ": a later build wrote " + service);
                }
            }
            case "evicted" -> evicted(seen, end, build);
            case "lost" -> require(removedByPeople.contains(end.key()), end + " was removed by somebody");
            default -> throw new AssertionError("no such end: " + end);
        }
    }

    private void satisfied(Seen seen, End end, Build build, Map<String, ObjectId> after) {
        ObjectId by = ObjectId.fromString(end.mainSha());
        require(onMain.containsKey(by), end + " is satisfied by a commit on main");
        if (build != null) {
            Set<String> services = facts(end.sha()).services();
            require(has(by, build, services), end + ": " + shown(by) + " has it");
            require(has(seen.get(MAIN), build, services), end + ": main has it");
            var below = new HashSet<String>();
            for (Facts commit : queued(seen.get(MAIN), seen.get(AUTO))) {
                if (commit.key().equals(end.key())) {
                    break;
                }
                below.add(commit.key());
            }
            for (Facts commit : queued(seen.get(MAIN), after.get(AUTO))) {
                require(
                        !below.contains(commit.key()) || has(commit.sha(), build, services),
                        end + ": " + commit.key() + " below it leaves it");
            }
        }
    }

    private void evicted(Seen seen, End end, Build build) {
        switch (end.cause()) {
            case "red" -> {
                require(
                        verdicts(seen, end.sha())
                                .anyMatch(verdict -> isRed(verdict, world.clock.instant())
                                        && !world.clock
                                                .instant()
                                                .isBefore(verdict.at().plus(SimulatedHistory.GRACE))),
                        end + " is red, and had its grace");
                ObjectId parent = facts(end.sha()).parents().get(0);
                boolean isMain = parent.equals(seen.get(MAIN));
                require(
                        isMain
                                        && kept(seen.read(), parent)
                                                .filter(said -> isRed(said, seen.at()))
                                                .isEmpty()
                                || verdicts(seen, parent)
                                        .anyMatch(verdict -> isMain
                                                ? !isRed(verdict, seen.at())
                                                : verdict.state().equals("success")),
                        end + " is to blame: its parent is green");
            }
            case "conflict" -> {
                boolean unreadable = seen.get(AUTO).equals(ObjectId.zeroId())
                        || queued(seen.get(MAIN), seen.get(AUTO)).stream()
                                .anyMatch(commit -> images(commit.tree()).size() < WAVES.size())
                        || images(facts(seen.get(MAIN)).tree()).size() < WAVES.size();
                require(build == null || unreadable, end + " cannot conflict");
            }
            case "requested" -> require(build != null && build.aborted, end + " was asked for");
            default -> throw new AssertionError("no such cause: " + end);
        }
    }

    private String shown(ObjectId sha) {
        return sha.name().substring(0, 8) + " " + facts(sha).key();
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw world.violated(what);
        }
    }
}
