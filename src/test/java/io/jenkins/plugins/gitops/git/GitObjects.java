package io.jenkins.plugins.gitops.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Writes and reads commits as maps of paths and texts, without a work tree. */
public final class GitObjects {

    private final Repository git;

    public GitObjects(Repository git) {
        this.git = git;
    }

    public ObjectId commit(List<ObjectId> parents, Map<String, ObjectId> files, String message, PersonIdent author) {
        try (ObjectInserter inserter = git.newObjectInserter()) {
            DirCache index = DirCache.newInCore();
            var entries = index.builder();
            files.forEach((path, blob) -> {
                var entry = new DirCacheEntry(path);
                entry.setFileMode(FileMode.REGULAR_FILE);
                entry.setObjectId(blob);
                entries.add(entry);
            });
            entries.finish();
            var commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            commit.setParentIds(new ArrayList<>(parents));
            commit.setAuthor(author);
            commit.setCommitter(author);
            commit.setMessage(message);
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A commit without parents that has a tree. */
    public ObjectId commitOf(ObjectId tree) {
        try (ObjectInserter inserter = git.newObjectInserter()) {
            var commit = new CommitBuilder();
            commit.setTreeId(tree);
            commit.setAuthor(new PersonIdent("Ada", "ada@example.com", Instant.EPOCH, ZoneOffset.UTC));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage("A tree\n");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ObjectId blob(String text) {
        return blob(text.getBytes(StandardCharsets.UTF_8));
    }

    public ObjectId blob(byte[] bytes) {
        try (ObjectInserter inserter = git.newObjectInserter()) {
            ObjectId id = inserter.insert(Constants.OBJ_BLOB, bytes);
            inserter.flush();
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String text(ObjectId blob) {
        try (ObjectReader reader = git.newObjectReader()) {
            return new String(reader.open(blob, Constants.OBJ_BLOB).getCachedBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ObjectId tree(ObjectId commit) {
        try (var walk = new RevWalk(git)) {
            return walk.parseCommit(commit).getTree().copy();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole message of a commit. */
    public String message(ObjectId commit) {
        try (var walk = new RevWalk(git)) {
            return walk.parseCommit(commit).getFullMessage();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first parent of a commit. */
    public Optional<ObjectId> parent(ObjectId commit) {
        try (var walk = new RevWalk(git)) {
            RevCommit parsed = walk.parseCommit(commit);
            return parsed.getParentCount() == 0
                    ? Optional.empty()
                    : Optional.of(parsed.getParent(0).copy());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files of a commit: blobs by path. */
    public TreeMap<String, ObjectId> files(ObjectId commit) {
        try (ObjectReader reader = git.newObjectReader();
                var commits = new RevWalk(reader);
                var walk = new TreeWalk(reader)) {
            walk.setRecursive(true);
            walk.addTree(commits.parseCommit(commit).getTree());
            var files = new TreeMap<String, ObjectId>();
            while (walk.next()) {
                files.put(walk.getPathString(), walk.getObjectId(0));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
