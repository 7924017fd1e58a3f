package io.jenkins.plugins.gitops.git;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.diff.DiffAlgorithm;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.merge.MergeChunk;
import org.eclipse.jgit.merge.MergeChunk.ConflictState;
import org.eclipse.jgit.merge.MergeResult;

/**
 * The merge of texts by the attribute {@code merge=union}: where both sides changed the same lines, our lines and then
 * theirs. As in git, lines that both sides of a conflict have divide it, unless they are three or fewer (xdiff's
 * {@code XDL_MERGE_ZEALOUS}).
 */
final class UnionMerge {

    /** Conflicts with at most this number of lines between them are one. */
    private static final int JOINED = 3;

    private final DiffAlgorithm diff;
    private final RawText ours;
    private final RawText theirs;
    private final List<Part> parts = new ArrayList<>();

    /** Lines of the result. */
    private sealed interface Part {}

    /** Lines of one text. */
    private record Plain(RawText text, int begin, int end) implements Part {}

    /** Lines of both sides that replace each other. */
    private record Conflict(int ourBegin, int ourEnd, int theirBegin, int theirEnd) implements Part {}

    UnionMerge(DiffAlgorithm diff, RawText ours, RawText theirs) {
        this.diff = diff;
        this.ours = ours;
        this.theirs = theirs;
    }

    /** Resolves the conflicts of a merge of base, ours and theirs. */
    byte[] resolve(MergeResult<RawText> merged) {
        MergeChunk first = null;
        for (MergeChunk chunk : merged) {
            if (chunk.getConflictState() == ConflictState.NO_CONFLICT) {
                parts.add(new Plain(
                        merged.getSequences().get(chunk.getSequenceIndex()), chunk.getBegin(), chunk.getEnd()));
            } else if (chunk.getConflictState() == ConflictState.FIRST_CONFLICTING_RANGE) {
                first = chunk;
            } else if (chunk.getConflictState() == ConflictState.NEXT_CONFLICTING_RANGE) {
                divide(new Conflict(first.getBegin(), first.getEnd(), chunk.getBegin(), chunk.getEnd()));
            }
        }
        return write(joined());
    }

    /** Adds a conflict as the conflicts between the lines that both sides have. */
    private void divide(Conflict whole) {
        var our = new RawText(lines(ours, whole.ourBegin(), whole.ourEnd()));
        var their = new RawText(lines(theirs, whole.theirBegin(), whole.theirEnd()));
        int at = whole.ourBegin();
        for (Edit edit : diff.diff(RawTextComparator.DEFAULT, our, their)) {
            int begin = whole.ourBegin() + edit.getBeginA();
            if (begin > at) {
                parts.add(new Plain(ours, at, begin));
            }
            at = whole.ourBegin() + edit.getEndA();
            parts.add(new Conflict(
                    begin, at, whole.theirBegin() + edit.getBeginB(), whole.theirBegin() + edit.getEndB()));
        }
        if (at < whole.ourEnd()) {
            parts.add(new Plain(ours, at, whole.ourEnd()));
        }
    }

    private List<Part> joined() {
        var joined = new ArrayList<Part>();
        int last = -1;
        for (Part part : parts) {
            if (part instanceof Conflict conflict) {
                if (last >= 0 && isNear((Conflict) joined.get(last), conflict)) {
                    var before = (Conflict) joined.get(last);
                    joined.subList(last, joined.size()).clear();
                    conflict = new Conflict(
                            before.ourBegin(), conflict.ourEnd(), before.theirBegin(), conflict.theirEnd());
                }
                last = joined.size();
                joined.add(conflict);
            } else {
                joined.add(part);
            }
        }
        return joined;
    }

    /** Whether only a few lines are between two conflicts, which both sides have. */
    private boolean isNear(Conflict before, Conflict after) {
        int between = after.ourBegin() - before.ourEnd();
        if (between > JOINED || between != after.theirBegin() - before.theirEnd()) {
            return false;
        }
        for (int i = 0; i < between; i++) {
            if (!RawTextComparator.DEFAULT.equals(ours, before.ourEnd() + i, theirs, before.theirEnd() + i)) {
                return false;
            }
        }
        return true;
    }

    private byte[] write(List<Part> all) {
        var out = new ByteArrayOutputStream();
        for (Part part : all) {
            if (part instanceof Plain plain) {
                out.writeBytes(lines(plain.text(), plain.begin(), plain.end()));
            } else if (part instanceof Conflict conflict) {
                byte[] our = lines(ours, conflict.ourBegin(), conflict.ourEnd());
                out.writeBytes(our);
                if (our.length > 0 && our[our.length - 1] != '\n') {
                    out.write('\n');
                }
                out.writeBytes(lines(theirs, conflict.theirBegin(), conflict.theirEnd()));
            }
        }
        return out.toByteArray();
    }

    private static byte[] lines(RawText text, int begin, int end) {
        var lines = new ByteArrayOutputStream();
        for (int i = begin; i < end; i++) {
            ByteBuffer line = text.getRawString(i);
            lines.write(line.array(), line.arrayOffset() + line.position(), line.remaining());
            if (i < text.size() - 1 || !text.isMissingNewlineAtEnd()) {
                lines.write('\n');
            }
        }
        return lines.toByteArray();
    }
}
