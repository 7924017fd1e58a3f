package io.jenkins.plugins.gitops.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** The difference of two commits in the format of {@code git diff}, for users. */
public final class TreeDiff {

    /** The length in bytes at which the text is cut, with a note at its end. */
    private static final int MAX_BYTES = 256 << 10;

    private TreeDiff() {}

    public static String of(Repository git, ObjectId from, ObjectId to) throws IOException {
        var text = new Limited();
        try (var formatter = new DiffFormatter(text)) {
            formatter.setRepository(git);
            formatter.setDetectRenames(true);
            formatter.format(from, to);
        }
        return text.bytes.toString(StandardCharsets.UTF_8)
                + (text.cut ? "\n[the rest of the diff is left out: it is larger than 256 KiB]\n" : "");
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
