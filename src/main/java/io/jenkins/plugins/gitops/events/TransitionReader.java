package io.jenkins.plugins.gitops.events;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.RejectionStore;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.git.CommitPeople;
import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.queue.MainCommit;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.RejectedImages.Rejection;
import io.jenkins.plugins.gitops.waves.SetApproval;
import io.jenkins.plugins.gitops.waves.VerificationResult;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * Reads what happened from the commits of the state ref: each of them is one decision or record, and says which
 * controller wrote it. So every controller can tell all of it, whenever it comes to it.
 */
final class TransitionReader {

    private static final String ENDING = ".json";
    private static final Pattern WRITTEN_BY = Pattern.compile("^Written by: (https?://\\S+)$", Pattern.MULTILINE);

    /** Who decided, in commits that no other name is in; otherwise a person or build is named so. */
    private static final Pattern BY = Pattern.compile("^By: (https?://\\S+)$", Pattern.MULTILINE);

    private final RepositorySettings settings;
    private final Repository git;

    TransitionReader(RepositorySettings settings, Repository git) {
        this.settings = settings;
        this.git = git;
    }

    /**
     * Two states that follow on each other.
     *
     * @param from the zero id before the first
     */
    record Step(ObjectId from, ObjectId to) {}

    /**
     * The steps from one state to another, oldest first. Where the history between was folded, the first step leads to
     * the commit in which it begins now. Empty if the clone does not have the first state.
     */
    Optional<List<Step>> steps(ObjectId from, ObjectId to) throws IOException {
        if (!from.equals(ObjectId.zeroId()) && !git.getObjectDatabase().has(from)) {
            return Optional.empty();
        }
        Deque<Step> steps = new ArrayDeque<>();
        try (var walk = new RevWalk(git)) {
            walk.setRetainBody(false);
            ObjectId at = to;
            while (!at.equals(from) && !at.equals(ObjectId.zeroId())) {
                RevCommit commit = walk.parseCommit(at);
                ObjectId parent = commit.getParentCount() == 0
                        ? from
                        : commit.getParent(0).copy();
                steps.addFirst(new Step(parent, commit.copy()));
                at = commit.getParentCount() == 0 ? from : parent;
            }
        }
        return Optional.of(List.copyOf(steps));
    }

    /** Finds the events of a commit of the state ref. A file that cannot be read has none. */
    List<WaveEvent> of(Step step) throws IOException {
        var events = new ArrayList<WaveEvent>();
        try (ObjectReader reader = git.newObjectReader();
                var walk = new RevWalk(reader);
                var trees = new TreeWalk(reader)) {
            RevCommit commit = walk.parseCommit(step.to());
            if (step.from().equals(ObjectId.zeroId())) {
                trees.addTree(new EmptyTreeIterator());
            } else {
                trees.addTree(walk.parseCommit(step.from()).getTree());
            }
            trees.addTree(commit.getTree());
            trees.setRecursive(true);
            trees.setFilter(TreeFilter.ANY_DIFF);
            String message = commit.getFullMessage();
            var found = new Found(
                    commit.name(),
                    CommitPeople.committer(commit).getWhenAsInstant(),
                    first(WRITTEN_BY, message).or(() -> first(BY, message)),
                    events);
            while (trees.next()) {
                read(reader, trees, found);
            }
        }
        return events;
    }

    private static Optional<String> first(Pattern line, String message) {
        Matcher found = line.matcher(message);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    /** The events of one commit. */
    private record Found(String commit, Instant at, Optional<String> controller, List<WaveEvent> events) {}

    private void read(ObjectReader reader, TreeWalk trees, Found found) throws IOException {
        String path = trees.getPathString();
        try {
            Optional<byte[]> before = content(reader, trees, 0);
            Optional<byte[]> after = content(reader, trees, 1);
            if (path.startsWith(StateRef.CHANGES + "/") && before.isEmpty() && after.isPresent()) {
                ended(DecidedChange.parse(after.get()), found);
            } else if (path.startsWith(StateRef.WAVES + "/") && path.endsWith(ENDING)) {
                WavePath wave = wave(path.substring(StateRef.WAVES.length() + 1, path.length() - ENDING.length()));
                compare(wave, WaveState.read(before), WaveState.read(after), found);
            } else if (path.startsWith(RejectionStore.FOLDER + "/") && before.isEmpty() && after.isPresent()) {
                rejected(after.get(), found);
            }
        } catch (IllegalArgumentException e) {
            // Somebody broke it; the page of the repository says so.
        }
    }

    private static Optional<byte[]> content(ObjectReader reader, TreeWalk trees, int nth) throws IOException {
        ObjectId id = trees.getObjectId(nth);
        return id.equals(ObjectId.zeroId())
                ? Optional.empty()
                : Optional.of(TreeEdit.readJson(reader, new TreeEdit.Entry(trees.getFileMode(nth), id)));
    }

    private static WavePath wave(String path) {
        int slash = path.indexOf('/');
        return slash < 0
                ? WavePath.of(path)
                : new WavePath(path.substring(0, slash), Optional.of(path.substring(slash + 1)));
    }

    private void add(
            EventType type, Optional<WavePath> path, Instant at, Map<String, String> facts, String key, Found found) {
        found.events().add(WaveEvent.of(type, settings.name(), at, path, facts, found.controller(), key));
    }

    private void ended(DecidedChange change, Found found) {
        WaveEvent end = WaveEvent.endOf(change, settings.name(), found.controller());
        found.events().add(end);
        boolean promotes = change.trailers()
                .map(ChangeTrailers::operation)
                .filter(operation -> operation == ChangeOperation.PROMOTE || operation == ChangeOperation.ROLLBACK)
                .isPresent();
        if (promotes && change.outcome() == Outcome.MERGED) {
            add(EventType.PROMOTED, end.path(), end.at(), end.facts(), WaveEvent.keyOf(change), found);
        }
    }

    /** The change that brought a set to a wave; empty if it was made by hand, or the clone does not have it. */
    private Optional<ChangeTrailers> broughtBy(WavePath path, DeployedSet set) throws IOException {
        if (!ObjectId.isId(set.sha())
                || !git.getObjectDatabase().has(ObjectId.fromString(set.sha()))
                || settings.waves().stream().noneMatch(wave -> wave.name().equals(path.wave()))) {
            return Optional.empty();
        }
        String folder = settings.wave(path).imagesPath()
                + path.set().map(name -> "/" + name).orElse("");
        return MainCommit.lastWriteOf(git, ObjectId.fromString(set.sha()), List.of(folder))
                .flatMap(MainCommit::trailers);
    }

    private void compare(WavePath path, WaveState before, WaveState after, Found found) throws IOException {
        Optional<WavePath> wave = Optional.of(path);
        Optional<DeployedSet> ran = before.deployed();
        Optional<DeployedSet> runs = after.deployed();
        if (runs.isPresent() && !runs.equals(ran)) {
            DeployedSet set = runs.get();
            var facts = new TreeMap<>(Map.of("identity", set.identity(), "sha", set.sha()));
            ran.ifPresent(earlier -> facts.put("before", earlier.identity()));
            broughtBy(path, set).ifPresent(trailers -> {
                facts.put("operation", trailers.operation().toString());
                trailers.appSha().ifPresent(sha -> facts.put("appSha", sha));
                trailers.buildUrl().ifPresent(url -> facts.put("build", url));
            });
            add(EventType.DEPLOYED, wave, set.since(), facts, set.identity() + "\n" + set.since(), found);
        }
        if (after.unwell() && !before.unwell()) {
            add(
                    EventType.UNWELL,
                    wave,
                    found.at(),
                    runs.map(set -> Map.of("identity", set.identity(), "sha", set.sha()))
                            .orElse(Map.of()),
                    found.commit(),
                    found);
        }
        if (after.hold().isPresent() && !after.hold().equals(before.hold())) {
            Hold hold = after.hold().get();
            add(
                    EventType.HELD,
                    wave,
                    hold.since(),
                    Map.of("by", hold.by(), "reason", hold.reason()),
                    hold.by() + "\n" + hold.since() + "\n" + hold.reason(),
                    found);
        }
        if (before.hold().isPresent() && after.hold().isEmpty()) {
            add(
                    EventType.RELEASED,
                    wave,
                    found.at(),
                    Map.of("reason", before.hold().get().reason()),
                    found.commit(),
                    found);
        }
        for (VerificationResult result : after.verifications()) {
            boolean over = result.state() == VerificationResult.State.PASSED
                    || result.state() == VerificationResult.State.FAILED;
            if (over && !before.verifications().contains(result)) {
                add(
                        EventType.VERIFIED,
                        wave,
                        result.at(),
                        Map.of(
                                "name", result.name(),
                                "identity", result.identity(),
                                "sha", result.sha(),
                                "result", result.state().toString(),
                                "reason", result.reason()),
                        result.name() + "\n" + result.identity() + "\n" + result.at(),
                        found);
            }
        }
        for (SetApproval approval : after.approvals()) {
            if (!before.approvals().contains(approval)) {
                add(
                        EventType.APPROVED,
                        wave,
                        approval.at(),
                        Map.of(
                                "by", approval.by(),
                                "identity", approval.identity(),
                                "reason", approval.comment()),
                        approval.identity() + "\n" + approval.by() + "\n" + approval.at(),
                        found);
            }
        }
    }

    private void rejected(byte[] file, Found found) {
        Rejection rejection = Rejection.read(file);
        String digest = Json.parseStored(file).path("digest").asText();
        add(
                EventType.REJECTED,
                Optional.empty(),
                found.at(),
                Map.of("digest", digest, "by", rejection.by(), "reason", rejection.reason()),
                digest + "\n" + rejection.at(),
                found);
    }
}
