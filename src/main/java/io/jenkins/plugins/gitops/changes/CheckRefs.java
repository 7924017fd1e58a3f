package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.ci.CheckReportLog;
import io.jenkins.plugins.gitops.git.TreeEdit;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Reads and writes the reported check statuses of undecided commits: a ref for each, with a commit that has one file.
 */
public final class CheckRefs {

    private static final String FILE = "checks.json";

    private final Repository git;

    public CheckRefs(Repository git) {
        this.git = git;
    }

    /** Reads the reports from the object of such a ref; a malformed one has no reports. */
    public CheckReportLog read(ObjectId target) throws IOException {
        try (var walk = new RevWalk(git);
                ObjectReader reader = git.newObjectReader()) {
            TreeEdit.Entry file = TreeEdit.find(reader, walk.parseTree(target), FILE);
            return file == null ? CheckReportLog.none() : CheckReportLog.parse(TreeEdit.readJson(reader, file));
        } catch (IncorrectObjectTypeException | IllegalArgumentException e) {
            return CheckReportLog.none();
        }
    }

    /** Writes the commit of such a ref, and returns its id. */
    public ObjectId write(CheckReportLog checks, PersonIdent who) throws IOException {
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            ObjectId file = StateRef.blob(inserter, FILE, checks.toJson());
            var commit = new CommitBuilder();
            commit.setTreeId(new TreeEdit(reader, inserter).apply(ObjectId.zeroId(), Map.of(FILE, Optional.of(file))));
            commit.setAuthor(who);
            commit.setCommitter(who);
            commit.setMessage("Reported checks\n");
            ObjectId target = inserter.insert(commit);
            inserter.flush();
            return target;
        }
    }
}
