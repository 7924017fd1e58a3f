package io.jenkins.plugins.gitops.git;

import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.matching.WorkBudget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;

/** The difference of two commits in the format of {@code git diff}, for users. */
public final class TreeDiff {

    /** The length in bytes at which the text is cut, with a note at its end. */
    private static final int MAX_BYTES = 256 << 10;

    /** Files that are larger are shown as binary ones are, in bytes. */
    private static final int MAX_FILE = 16 << 20;

    /** The greatest number of files that are compared with each other to find renamed ones. */
    private static final int MAX_RENAMES = 100;

    /** Steps that the difference of one file may take: about a second. */
    private static final long MAX_WORK_OF_A_FILE = 10_000_000;

    /** Steps that all files which are too large may have taken. */
    private static final long MAX_WORK_IN_VAIN = 5 * MAX_WORK_OF_A_FILE;

    private TreeDiff() {}

    public static String of(Repository git, ObjectId from, ObjectId to) throws IOException {
        var text = new Limited();
        var inVain = new WorkBudget(MAX_WORK_IN_VAIN);
        try (var formatter = new DiffFormatter(text);
                ObjectReader reader = git.newObjectReader()) {
            formatter.setRepository(git);
            formatter.setDetectRenames(true);
            formatter.setBinaryFileThreshold(MAX_FILE);
            formatter.getRenameDetector().setRenameLimit(MAX_RENAMES);
            formatter.getRenameDetector().setBigFileThreshold(MAX_FILE);
            for (DiffEntry file : formatter.scan(from, to)) {
                if (text.cut) {
                    break;
                }
                try {
                    formatter.setDiffAlgorithm(new BoundedDiff(new WorkBudget(MAX_WORK_OF_A_FILE)));
                    formatter.format(file);
                } catch (WorkBudget.ExceededException e) {
                    text.write(tooLarge(reader, file).getBytes(StandardCharsets.UTF_8));
                    inVain.spend(MAX_WORK_OF_A_FILE);
                }
            }
            formatter.flush();
        } catch (WorkBudget.ExceededException e) {
            text.cut = true;
        }
        return text.bytes.toString(StandardCharsets.UTF_8)
                + (text.cut ? "\n[the rest of the diff is left out: it is too large to show]\n" : "");
    }

    private static String tooLarge(ObjectReader reader, DiffEntry file) throws IOException {
        return "diff --git a/" + SingleLine.of(file.getOldPath()) + " b/" + SingleLine.of(file.getNewPath())
                + "\n[too large to show: " + lines(reader, file.getOldId().toObjectId()) + " lines before, "
                + lines(reader, file.getNewId().toObjectId()) + " lines after]\n";
    }

    private static long lines(ObjectReader reader, ObjectId blob) throws IOException {
        return new RawText(reader.open(blob, Constants.OBJ_BLOB).getBytes(MAX_FILE)).size();
    }

    private static final class Limited extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean cut;

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] content, int offset, int length) {
            int taken = Math.min(length, MAX_BYTES - bytes.size());
            bytes.write(content, offset, taken);
            cut |= taken < length;
        }
    }
}
