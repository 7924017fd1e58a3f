package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.ci.CheckReportLog;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.TrustedSigners;
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
    private final CommitSigner signer;
    private final TrustedSigners trusted;

    /**
     * Creates the accessor of a clone.
     *
     * @param trusted whose reports count
     */
    public CheckRefs(Repository git, CommitSigner signer, TrustedSigners trusted) {
        this.git = git;
        this.signer = signer;
        this.trusted = trusted;
    }

    /** Reads the reports from the object of such a ref; one that cannot be read has none, see {@link #problem}. */
    public CheckReportLog read(ObjectId target) throws IOException {
        try {
            return parse(target);
        } catch (IllegalArgumentException e) {
            return CheckReportLog.none();
        }
    }

    /** Why no reports can be read from the object of such a ref, as a clause that begins with a verb; empty if they can. */
    public Optional<String> problem(ObjectId target) throws IOException {
        try {
            parse(target);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    private CheckReportLog parse(ObjectId target) throws IOException {
        try (var walk = new RevWalk(git);
                ObjectReader reader = git.newObjectReader()) {
            TreeEdit.Entry file = TreeEdit.find(reader, walk.parseTree(target), FILE);
            Optional<String> refusal = trusted.refusal(reader, target);
            if (refusal.isPresent()) {
                throw new MalformedJsonException("does not count: " + refusal.get());
            }
            if (file == null) {
                throw new MalformedJsonException("has no file " + FILE);
            }
            return CheckReportLog.parse(TreeEdit.readJson(reader, file));
        } catch (IncorrectObjectTypeException e) {
            throw new MalformedJsonException("does not point to a commit");
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
            ObjectId target = signer.insert(inserter, commit);
            inserter.flush();
            return target;
        }
    }
}
