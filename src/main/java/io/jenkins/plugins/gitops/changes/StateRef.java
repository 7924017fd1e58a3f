package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * The state ref: a tree with the decisions of the drivers, whose commits are the audit log. {@code changes/<date>/} has
 * a file for each change that ended on that day (UTC), and {@code waves/<wave>.json}, or {@code
 * waves/<wave>/<set>.json} where sets have names, has the state of the wave or set. {@code main.json} has the commit that
 * a driver moved main to last.
 */
public final class StateRef {

    private static final String CHANGES = "changes";
    private static final String WAVES = "waves";
    private static final String MAIN = "main.json";

    /** How long the files of ended changes are kept in the tree. */
    public static final Duration KEPT_FOR = Duration.ofDays(90);

    private static final Period KEPT = Period.ofDays((int) KEPT_FOR.toDays());

    /** The number of commits from which on the history is folded, since a fetch of it takes longer and longer. */
    private static final int LONGEST_HISTORY = 5000;

    private final Repository git;
    private final int longestHistory;
    private final DayIndex index = new DayIndex();
    private ObjectId indexed = ObjectId.zeroId();

    /** The number of commits up to {@link #counted}. */
    private int count;

    private ObjectId counted = ObjectId.zeroId();

    /**
     * Creates the accessor of a clone.
     *
     * @param folds whether a long history may be replaced by a commit without parent; a forge refuses such a push to a
     *     protected branch
     */
    public StateRef(Repository git, boolean folds) {
        this(git, folds ? LONGEST_HISTORY : Integer.MAX_VALUE);
    }

    StateRef(Repository git, int longestHistory) {
        this.git = git;
        this.longestHistory = longestHistory;
    }

    /**
     * Records decisions in a new commit on the state. Files of changes that ended more than 90 days ago are removed
     * from the tree, and stay in the history.
     *
     * @param state the tip of the state ref, {@link ObjectId#zeroId()} if there is none yet
     * @param why the message of the commit
     * @return the new tip
     */
    public ObjectId record(ObjectId state, List<DecidedChange> decided, String why, PersonIdent who)
            throws IOException {
        return record(state, decided, Optional.empty(), why, who);
    }

    /**
     * Records decisions and the commit that main is moved to, or is accepted at, in one commit.
     *
     * @see #record(ObjectId, List, String, PersonIdent)
     */
    public ObjectId record(
            ObjectId state, List<DecidedChange> decided, Optional<ObjectId> main, String why, PersonIdent who)
            throws IOException {
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            ObjectId tree = tree(state);
            var files = new TreeMap<String, Optional<ObjectId>>();
            for (DecidedChange change : decided) {
                files.put(path(change), Optional.of(blob(inserter, change.toJson())));
            }
            if (main.isPresent()) {
                String json = Json.write(Map.of("sha", main.get().name()));
                files.put(MAIN, Optional.of(blob(inserter, json)));
            }
            for (String expired : expired(reader, tree, who.getWhenAsInstant())) {
                files.put(expired, Optional.empty());
            }
            return commit(reader, inserter, state, files, why, who);
        }
    }

    /**
     * Records the deployed image sets of waves in a new commit on the state.
     *
     * @see #record(ObjectId, List, String, PersonIdent)
     */
    public ObjectId record(ObjectId state, Map<WavePath, DeployedSet> deployed, String why, PersonIdent who)
            throws IOException {
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            ObjectId tree = tree(state);
            var files = new TreeMap<String, Optional<ObjectId>>();
            for (var wave : deployed.entrySet()) {
                Optional<byte[]> before = content(reader, tree, pathOf(wave.getKey()));
                files.put(
                        pathOf(wave.getKey()),
                        Optional.of(blob(inserter, wave.getValue().writtenInto(before))));
            }
            return commit(reader, inserter, state, files, why, who);
        }
    }

    /**
     * Writes whole files in a new commit on the state.
     *
     * @param files the contents by path
     * @see #record(ObjectId, List, String, PersonIdent)
     */
    public ObjectId write(ObjectId state, Map<String, String> files, String why, PersonIdent who) throws IOException {
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            var blobs = new TreeMap<String, Optional<ObjectId>>();
            for (var file : files.entrySet()) {
                blobs.put(file.getKey(), Optional.of(blob(inserter, file.getValue())));
            }
            return commit(reader, inserter, state, blobs, why, who);
        }
    }

    /** The content of a file of the state; empty if there is none. */
    public Optional<byte[]> file(ObjectId state, String path) throws IOException {
        try (ObjectReader reader = git.newObjectReader()) {
            return content(reader, tree(state), path);
        }
    }

    /** The commit that a driver of any controller moved main to last; empty if none did, or the file is not readable. */
    public Optional<ObjectId> mergedMain(ObjectId state) throws IOException {
        try {
            return file(state, MAIN)
                    .map(json -> Json.parse(json).path("sha").asText())
                    .filter(ObjectId::isId)
                    .map(ObjectId::fromString);
        } catch (MalformedJsonException e) {
            return Optional.empty();
        }
    }

    /** The path of the file of a wave, or of a set where sets have names. */
    public static String pathOf(WavePath path) {
        return WAVES + "/" + path + ".json";
    }

    private static ObjectId blob(ObjectInserter inserter, String json) throws IOException {
        return inserter.insert(Constants.OBJ_BLOB, json.getBytes(StandardCharsets.UTF_8));
    }

    private ObjectId commit(
            ObjectReader reader,
            ObjectInserter inserter,
            ObjectId state,
            Map<String, Optional<ObjectId>> files,
            String why,
            PersonIdent who)
            throws IOException {
        var commit = new CommitBuilder();
        commit.setTreeId(new TreeEdit(reader, inserter).apply(tree(state), files));
        boolean fold = length(state) >= longestHistory;
        if (!fold && !state.equals(ObjectId.zeroId())) {
            commit.setParentId(state);
        }
        commit.setAuthor(who);
        commit.setCommitter(who);
        commit.setMessage(why + "\n"
                + (fold ? "\nThe history before this, up to " + state.name() + ", was long and is folded.\n" : ""));
        ObjectId tip = inserter.insert(commit);
        inserter.flush();
        count = fold ? 1 : length(state) + 1;
        counted = tip.copy();
        return tip;
    }

    private int length(ObjectId state) throws IOException {
        if (longestHistory == Integer.MAX_VALUE || state.equals(counted)) {
            return count;
        }
        int length = 0;
        ObjectId at = state;
        try (var walk = new RevWalk(git)) {
            walk.setRetainBody(false);
            while (!at.equals(ObjectId.zeroId()) && length < longestHistory) {
                if (at.equals(counted)) {
                    length += count;
                    break;
                }
                RevCommit commit = walk.parseCommit(at);
                at = commit.getParentCount() == 0 ? ObjectId.zeroId() : commit.getParent(0);
                length++;
            }
        }
        counted = state.copy();
        count = length;
        return length;
    }

    /** The recorded deployed set of a wave; empty if there is none. */
    public Optional<DeployedSet> deployed(ObjectId state, WavePath path) throws IOException {
        try (ObjectReader reader = git.newObjectReader()) {
            return content(reader, tree(state), pathOf(path)).flatMap(DeployedSet::read);
        }
    }

    private static Optional<byte[]> content(ObjectReader reader, ObjectId tree, String path) throws IOException {
        TreeEdit.Entry file = TreeEdit.find(reader, tree, path);
        return file == null ? Optional.empty() : Optional.of(TreeEdit.readJson(reader, file));
    }

    private static String path(DecidedChange change) {
        return CHANGES + "/" + LocalDate.ofInstant(change.at(), ZoneOffset.UTC) + "/" + change.id() + ".json";
    }

    private List<String> expired(ObjectReader reader, ObjectId tree, Instant now) throws IOException {
        LocalDate oldest = LocalDate.ofInstant(now, ZoneOffset.UTC).minus(KEPT);
        var expired = new ArrayList<String>();
        for (Map.Entry<String, TreeEdit.Entry> day :
                days(reader, tree).headMap(oldest.toString()).entrySet()) {
            for (String file : TreeEdit.read(reader, day.getValue().id()).keySet()) {
                expired.add(CHANGES + "/" + day.getKey() + file);
            }
        }
        return expired;
    }

    /** The folders of the days on which changes ended, by date. */
    static TreeMap<String, TreeEdit.Entry> days(ObjectReader reader, ObjectId tree) throws IOException {
        TreeEdit.Entry changes = TreeEdit.find(reader, tree, CHANGES);
        return TreeEdit.read(reader, changes == null ? null : changes.id());
    }

    private ObjectId tree(ObjectId state) throws IOException {
        if (state.equals(ObjectId.zeroId())) {
            return ObjectId.zeroId();
        }
        try (var walk = new RevWalk(git)) {
            return walk.parseCommit(state).getTree().copy();
        }
    }

    /** The decision on a change; empty if the state has none. */
    public Optional<DecidedChange> find(ObjectId state, String id) throws IOException {
        try (ObjectReader reader = git.newObjectReader()) {
            if (!state.equals(indexed)) {
                index.read(reader, days(reader, tree(state)));
                indexed = state.copy();
            }
            Optional<String> day = index.day(id + ".json");
            if (day.isEmpty()) {
                return Optional.empty();
            }
            String path = CHANGES + "/" + day.get() + id + ".json";
            try {
                return content(reader, tree(state), path).map(DecidedChange::parse);
            } catch (IllegalArgumentException e) {
                throw new MalformedJsonException("the state ref's file of the change " + id
                        + " is not what this plugin wrote: it " + e.getMessage()
                        + "; find out who did, and remove it");
            }
        }
    }
}
