package io.jenkins.plugins.gitops.repo;

import io.jenkins.plugins.gitops.json.MalformedJsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * The state ref: a small tree of what was decided, whose commits are the audit log. Under {@code changes/<date>/} lies
 * a file for each change that ended on that day (UTC).
 */
public final class StateRef {

    private static final String CHANGES = "changes";
    private static final Period KEPT = Period.ofDays(90);

    private final Repository git;

    /** The files of each day in the state that was read last, newest day first, by its tree: most stay as they are. */
    private Map<ObjectId, TreeMap<String, TreeEdit.Entry>> filesByDay = new LinkedHashMap<>();

    private ObjectId known = ObjectId.zeroId();

    public StateRef(Repository git) {
        this.git = git;
    }

    /**
     * Writes decisions down as a new commit on the state; what is older than 90 days leaves the tree and stays in its
     * history.
     *
     * @param state the tip of the state ref, {@link ObjectId#zeroId()} if there is none yet
     * @param why the commit's message
     * @return the new tip
     */
    public ObjectId record(ObjectId state, List<DecidedChange> decided, String why, PersonIdent who)
            throws IOException {
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            ObjectId tree = tree(state);
            var files = new TreeMap<String, Optional<ObjectId>>();
            for (DecidedChange change : decided) {
                byte[] json = change.toJson().getBytes(StandardCharsets.UTF_8);
                files.put(path(change), Optional.of(inserter.insert(Constants.OBJ_BLOB, json)));
            }
            for (String expired : expired(reader, tree, who.getWhenAsInstant())) {
                files.put(expired, Optional.empty());
            }
            var commit = new CommitBuilder();
            commit.setTreeId(new TreeEdit(reader, inserter).apply(tree, files));
            if (!state.equals(ObjectId.zeroId())) {
                commit.setParentId(state);
            }
            commit.setAuthor(who);
            commit.setCommitter(who);
            commit.setMessage(why + "\n");
            ObjectId tip = inserter.insert(commit);
            inserter.flush();
            return tip;
        }
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

    private static TreeMap<String, TreeEdit.Entry> days(ObjectReader reader, ObjectId tree) throws IOException {
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

    /** How a change ended, if it has. */
    public Optional<DecidedChange> find(ObjectId state, String id) throws IOException {
        try (ObjectReader reader = git.newObjectReader()) {
            readTo(reader, state);
            for (TreeMap<String, TreeEdit.Entry> files : filesByDay.values()) {
                TreeEdit.Entry file = files.get(id + ".json");
                if (file != null) {
                    return Optional.of(read(reader, file, id));
                }
            }
            return Optional.empty();
        }
    }

    private void readTo(ObjectReader reader, ObjectId state) throws IOException {
        if (state.equals(known)) {
            return;
        }
        var now = new LinkedHashMap<ObjectId, TreeMap<String, TreeEdit.Entry>>();
        for (TreeEdit.Entry day : days(reader, tree(state)).descendingMap().values()) {
            TreeMap<String, TreeEdit.Entry> files = filesByDay.get(day.id());
            now.put(day.id(), files != null ? files : TreeEdit.read(reader, day.id()));
        }
        filesByDay = now;
        known = state.copy();
    }

    private static DecidedChange read(ObjectReader reader, TreeEdit.Entry file, String id) throws IOException {
        try {
            return DecidedChange.parse(TreeEdit.readJson(reader, file));
        } catch (IllegalArgumentException e) {
            throw new MalformedJsonException("the state ref's file of the change " + id
                    + " is not what this plugin wrote: it " + e.getMessage() + "; find out who did, and remove it");
        }
    }
}
