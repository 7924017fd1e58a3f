package io.jenkins.plugins.gitops.waves;

import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.List;

/**
 * The number of people who have to approve a set before it is promoted into a wave, and who they may be.
 *
 * @param count how many; 0 if nobody has to
 * @param from the users and groups who may approve; empty for all who have the permission
 * @param notAuthor whether those who started a build that delivered the set may not
 */
public record ApprovalRule(int count, List<String> from, boolean notAuthor) {

    /** Nobody has to approve. */
    public static final ApprovalRule NONE = new ApprovalRule(0, List.of(), false);

    /** More people than this never agree. */
    public static final int MAX_COUNT = 20;

    public ApprovalRule {
        from = List.copyOf(from);
    }

    /** Whether anybody has to approve. */
    public boolean isAsked() {
        return count > 0;
    }

    /** Whether an approval counts that was given by a right: by one of {@link #from}, or by the permission alone. */
    public boolean accepts(SetApproval approval) {
        return from.isEmpty() || from.stream().map(SingleLine::whole).anyMatch(name -> name.equals(approval.right()));
    }

    /** Who may approve, in words for people. */
    public String approvers() {
        return (from.isEmpty() ? "whoever has the permission Approve" : String.join(", ", from))
                + (notAuthor ? ", but nobody who started a build that delivered it" : "");
    }
}
