package io.jenkins.plugins.gitops.changes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.WaveFile;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
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
 * waves/<wave>/<set>.json} where sets have names, has the state of the wave or set. {@code main.json} has the commit
 * that a driver moved main to last. {@link RejectionStore} has the rejected images. No file becomes larger than the
 * limit for reading. A file that cannot be read blocks only what depends on it.
 */
public final class StateRef {

    /** The folder of decisions. */
    public static final String CHANGES = "changes";

    /** The folder of waves. */
    public static final String WAVES = "waves";

    static final String MAIN = "main.json";
    private static final String SHA = "sha";

    /** The time for which the files of ended changes are kept in the tree. */
    public static final Duration KEPT_FOR = Duration.ofDays(90);

    private static final Period KEPT = Period.ofDays((int) KEPT_FOR.toDays());

    /** The number of commits from which on the history is folded, since a fetch of it takes longer and longer. */
    private static final int LONGEST_HISTORY = 5000;

    private final Repository git;
    private final CommitSigner signer;
    private final int longestHistory;
    private final RejectionStore rejections;
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
    public StateRef(Repository git, CommitSigner signer, boolean folds) {
        this(git, signer, folds ? LONGEST_HISTORY : Integer.MAX_VALUE);
    }

    StateRef(Repository git, CommitSigner signer, int longestHistory) {
        this.git = git;
        this.signer = signer;
        this.longestHistory = longestHistory;
        this.rejections = new RejectionStore(git);
    }

    /** The rejected images. */
    public RejectionStore rejections() {
        return rejections;
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
            ObjectId tree = tree(git, state);
            var files = new TreeMap<String, Optional<ObjectId>>();
            for (DecidedChange change : decided) {
                String path = path(change);
                files.put(path, Optional.of(blob(inserter, path, change.toJson())));
            }
            if (main.isPresent()) {
                String json = mainJson(reader, tree, main.get());
                files.put(MAIN, Optional.of(blob(inserter, MAIN, json)));
            }
            for (String expired : expired(reader, tree, who.getWhenAsInstant())) {
                files.put(expired, Optional.empty());
            }
            return commit(reader, inserter, state, files, why, who);
        }
    }

    /** The content of {@link #MAIN}, with the fields that a controller of another version has written into it. */
    private static String mainJson(ObjectReader reader, ObjectId tree, ObjectId main) throws IOException {
        ObjectNode root = Json.object();
        try {
            if (content(reader, tree, MAIN).map(Json::parseStored).orElse(root) instanceof ObjectNode before) {
                root = before;
            }
            String json = Json.write(root.put(SHA, main.name()));
            Json.checkStorable(json.getBytes(StandardCharsets.UTF_8).length);
            return json;
        } catch (MalformedJsonException e) {
            // What cannot be read is replaced.
            return Json.write(Json.object().put(SHA, main.name()));
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
            ObjectId tree = tree(git, state);
            var files = new TreeMap<String, Optional<ObjectId>>();
            for (var wave : deployed.entrySet()) {
                String path = pathOf(wave.getKey());
                Optional<byte[]> before = content(reader, tree, path);
                files.put(
                        path,
                        Optional.of(blob(
                                inserter,
                                path,
                                new WaveFile(before).deployed(wave.getValue()).json())));
            }
            return commit(reader, inserter, state, files, why, who);
        }
    }

    /**
     * Writes whole files in a new commit on the state.
     *
     * @param files the contents by path; empty for files that are removed
     * @see #record(ObjectId, List, String, PersonIdent)
     */
    public ObjectId write(ObjectId state, Map<String, Optional<String>> files, String why, PersonIdent who)
            throws IOException {
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            var blobs = new TreeMap<String, Optional<ObjectId>>();
            for (var file : files.entrySet()) {
                Optional<String> content = file.getValue();
                blobs.put(
                        file.getKey(),
                        content.isEmpty()
                                ? Optional.empty()
                                : Optional.of(blob(inserter, file.getKey(), content.get())));
            }
            return commit(reader, inserter, state, blobs, why, who);
        }
    }

    /**
     * A file of the state, if it is there.
     *
     * @throws MalformedJsonException if something else is in its place, or it is too large
     */
    public Optional<byte[]> file(ObjectId state, String path) throws IOException {
        try (ObjectReader reader = git.newObjectReader()) {
            return content(reader, tree(git, state), path);
        }
    }

    /**
     * The commit that a driver of any controller moved main to last; empty if none did, or the file is not readable.
     */
    public Optional<ObjectId> mergedMain(ObjectId state) throws IOException {
        try {
            return file(state, MAIN).map(StateRef::readMain);
        } catch (MalformedJsonException e) {
            return Optional.empty();
        }
    }

    /** Reads the content of the file {@link #MAIN}. */
    static ObjectId readMain(byte[] json) throws MalformedJsonException {
        String sha = Json.parseStored(json).path(SHA).asText();
        if (!ObjectId.isId(sha)) {
            throw new MalformedJsonException("has no full SHA of a commit");
        }
        return ObjectId.fromString(sha);
    }

    /** The path of the file of a wave, or of a set where sets have names. */
    public static String pathOf(WavePath path) {
        return WAVES + "/" + path + ".json";
    }

    /**
     * Stores the content of a file of the state.
     *
     * @throws MalformedJsonException if it is larger than what is read back
     */
    static ObjectId blob(ObjectInserter inserter, String path, String json) throws IOException {
        byte[] content = json.getBytes(StandardCharsets.UTF_8);
        try {
            Json.checkStorable(content.length);
        } catch (MalformedJsonException e) {
            throw new MalformedJsonException(path + " in the state is not written, since it " + e.getMessage());
        }
        return inserter.insert(Constants.OBJ_BLOB, content);
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
        commit.setTreeId(new TreeEdit(reader, inserter).apply(tree(git, state), files));
        boolean fold = length(state) >= longestHistory;
        if (!fold && !state.equals(ObjectId.zeroId())) {
            commit.setParentId(state);
        }
        commit.setAuthor(who);
        commit.setCommitter(who);
        commit.setMessage(why + "\n"
                + (fold ? "\nThe history before this, up to " + state.name() + ", was long and is folded.\n" : ""));
        ObjectId tip = signer.insert(inserter, commit);
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

    static Optional<byte[]> content(ObjectReader reader, ObjectId tree, String path) throws IOException {
        TreeEdit.Entry file = TreeEdit.find(reader, tree, path);
        if (file != null) {
            return Optional.of(TreeEdit.readJson(reader, file));
        }
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            TreeEdit.Entry folder = TreeEdit.find(reader, tree, path.substring(0, slash));
            if (folder != null && !folder.isTree()) {
                throw new MalformedJsonException(
                        "is not there, since " + path.substring(0, slash) + " is not a folder");
            }
        }
        return Optional.empty();
    }

    private static String path(DecidedChange change) {
        return CHANGES + "/" + LocalDate.ofInstant(change.at(), ZoneOffset.UTC) + "/" + change.id() + ".json";
    }

    private List<String> expired(ObjectReader reader, ObjectId tree, Instant now) throws IOException {
        LocalDate oldest = LocalDate.ofInstant(now, ZoneOffset.UTC).minus(KEPT);
        var expired = new ArrayList<String>();
        for (Map.Entry<String, TreeEdit.Entry> day :
                days(reader, tree).headMap(oldest.toString()).entrySet()) {
            TreeEdit.read(reader, day.getValue().id()).forEach((name, file) -> {
                if (!file.isTree()) {
                    expired.add(CHANGES + "/" + day.getKey() + name);
                }
            });
        }
        return expired;
    }

    /** The folders of the days on which something ended, by date with a slash at its end. */
    static TreeMap<String, TreeEdit.Entry> days(ObjectReader reader, ObjectId tree) throws IOException {
        TreeEdit.Entry changes = TreeEdit.find(reader, tree, CHANGES);
        if (changes == null || !changes.isTree()) {
            return new TreeMap<>();
        }
        TreeMap<String, TreeEdit.Entry> days = TreeEdit.read(reader, changes.id());
        days.entrySet()
                .removeIf(day -> !day.getValue().isTree() || date(day.getKey()).isEmpty());
        return days;
    }

    private static Optional<LocalDate> date(String folder) {
        try {
            return Optional.of(LocalDate.parse(folder.replace("/", "")));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    static ObjectId tree(Repository git, ObjectId state) throws IOException {
        if (state.equals(ObjectId.zeroId())) {
            return ObjectId.zeroId();
        }
        try (var walk = new RevWalk(git)) {
            // Something else in its place is nothing that a driver wrote.
            return walk.parseAny(state) instanceof RevCommit commit
                    ? commit.getTree().copy()
                    : ObjectId.zeroId();
        }
    }

    /** The end of a change, if it has ended; also one whose file cannot be read has. */
    public Optional<DecidedChange> find(ObjectId state, String id) throws IOException {
        try (ObjectReader reader = git.newObjectReader()) {
            if (!state.equals(indexed)) {
                index.read(reader, days(reader, tree(git, state)));
                indexed = state.copy();
            }
            String file = id + ".json";
            Optional<String> day = index.day(file).or(() -> index.day(file + "/"));
            if (day.isEmpty()) {
                return Optional.empty();
            }
            String path = CHANGES + "/" + day.get() + file;
            try {
                return content(reader, tree(git, state), path).map(DecidedChange::parse);
            } catch (IllegalArgumentException e) {
                Instant ended = date(day.get())
                        .orElseThrow()
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant();
                return Optional.of(
                        DecidedChange.unreadable(id, ended, new StateFileProblem(path, e.getMessage()).sentence()));
            }
        }
    }
}
