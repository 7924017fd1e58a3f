package io.jenkins.plugins.gitops.git;

import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.git.remote.OutageWords;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.RemoteRefUpdate;

/**
 * The response of a server to a push.
 *
 * @param accepted whether the server accepted all changes; otherwise it accepted none, but for {@code moved}, or the
 *     answer was lost
 * @param overtaken whether the server had other refs than those on which the push was decided, so that it was not sent
 * @param refusals the messages of the server, by ref; unless {@code overtaken}, the next snapshot tells whether a lease
 *     did not hold or the server refused
 * @param words the message for users of the server or one of its hooks, on one line; empty if there is none
 * @param moved what a server did of a push that it refused otherwise, though it says that it pushes atomically: Gerrit
 *     refuses what its access rights deny before its transaction begins, and goes on with the rest
 * @param lost why the answer did not arrive, if it did not
 * @param found the refs before the push, as far as the server advertises them to a client that pushes
 */
public record PushResponse(
        boolean accepted,
        boolean overtaken,
        Map<String, String> refusals,
        String words,
        List<RefChange> moved,
        Optional<RepoUnavailable> lost,
        Map<String, ObjectId> found) {

    private static final int MAX_WORDS = 400;

    /** The beginnings of lines in which git reports the progress of a push. */
    private static final Pattern PROGRESS = Pattern.compile(
            "(?:(?:Resolving deltas|(?:Unpacking|Receiving|Counting|Enumerating|Compressing|Checking) objects)\\b.*"
                    + "(?:%|done|:).*|Checking connectivity\\b.*|Processing changes: refs: .*|"
                    + "\\.? ?Process(?:ing|ed) \\d+ references(?: in total)?)");

    /** The colours and the like that hooks write for terminals. */
    private static final Pattern TERMINAL = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]");

    /**
     * A rule of a forge that wants signed commits: GitHub speaks of "verified signatures", GitLab of a commit that "must be
     * signed", Gitea of an "unverified commit". A Signed-off-by line, and somebody who is not signed in, are something else.
     */
    private static final Pattern SIGNATURE_RULE = Pattern.compile(
            "(?i)\\b(?:un)?signed\\b(?![ -](?:off|in|up|out)\\b)|\\bsignatures?\\b|\\bunverified commit\\b");

    /** How Gitea 1.26 reports everything that it has no words for, an unsigned commit among them. */
    private static final Pattern NO_REASON = Pattern.compile("(?i)\\binternal server error\\b");

    /** The response to a push of which it is not known whether the server has done it. */
    static PushResponse lost(RepoUnavailable why) {
        return new PushResponse(false, false, Map.of(), "", List.of(), Optional.of(why), Map.of());
    }

    /** The response to a push that was not sent, since the server has other refs than those it was decided on. */
    static PushResponse overtaken(Map<String, ObjectId> found) {
        return new PushResponse(false, true, Map.of(), "", List.of(), Optional.empty(), found);
    }

    /**
     * Converts the result of a push.
     *
     * @param messages the server's texts for users
     * @param redact removes the secrets of the connection from the server's texts
     */
    static PushResponse of(
            Collection<RemoteRefUpdate> updates,
            String messages,
            Map<String, ObjectId> found,
            UnaryOperator<String> redact) {
        Map<String, String> refusals = updates.stream()
                .filter(update -> update.getStatus() != RemoteRefUpdate.Status.OK)
                .collect(Collectors.toMap(
                        RemoteRefUpdate::getRemoteName, update -> redact.apply(refusal(update)), (one, same) -> one));
        List<RefChange> moved = refusals.isEmpty()
                ? List.of()
                : updates.stream()
                        .filter(update -> update.getStatus() == RemoteRefUpdate.Status.OK)
                        .map(update -> new RefChange(
                                update.getRemoteName(), update.getExpectedOldObjectId(), update.getNewObjectId()))
                        .toList();
        return new PushResponse(
                refusals.isEmpty(), false, refusals, words(redact.apply(messages)), moved, Optional.empty(), found);
    }

    /** The same response, after what the server moved all the same was put back. */
    PushResponse putBack() {
        String said = words + (words.isEmpty() ? "" : "; ") + "it moved "
                + String.join(" and ", moved.stream().map(RefChange::ref).toList())
                + " all the same, which was put back: it does not push atomically, as it says, where it refuses a ref";
        return new PushResponse(accepted, overtaken, refusals, said, List.of(), lost, found);
    }

    /** The words of the server on the sideband (gitprotocol-pack, side-band-64k), without its report of progress. */
    static String words(String messages) {
        return SingleLine.of(
                TERMINAL.matcher(messages)
                        .replaceAll("")
                        .lines()
                        .map(String::strip)
                        // GitLab draws a frame of equal signs.
                        .filter(line -> line.chars().anyMatch(Character::isLetterOrDigit)
                                && !line.equals("error:")
                                && !PROGRESS.matcher(line).matches())
                        .collect(Collectors.joining(" ")),
                MAX_WORDS);
    }

    /** A ref that cannot exist beside another one, since the name of one is the folder of the other. */
    static Optional<String> refBeside(String ref, Set<String> existing) {
        return existing.stream()
                .filter(other -> other.startsWith(ref + "/") || ref.startsWith(other + "/"))
                .min(Comparator.naturalOrder());
    }

    /**
     * A sentence that says that a server refuses to move a ref, why, and what to do.
     *
     * @param reason the answer of the server for the ref
     * @param words the message of the server for users; empty if there is none
     * @param existing the refs that the server has
     */
    static String refusal(String url, String ref, String reason, String words, Set<String> existing) {
        String answer = Stream.of(reason, words).filter(text -> !text.isEmpty()).collect(Collectors.joining(": "));
        Optional<String> beside = refBeside(ref, existing);
        return beside.isPresent()
                ? "The server of the config repository " + url + " cannot have " + ref + " while it has " + beside.get()
                        + " (" + answer
                        + "): git keeps no ref whose name is the beginning of another one's, up to a slash."
                        + " Delete or rename " + beside.get()
                        + ", or give the repository another autoBranch or stateRef."
                : "The server of the config repository " + url + " refused to move " + ref + " (" + answer + "): "
                        + advice(words).orElse(words.isEmpty() ? "" : "look at the rule that it names")
                        + (words.isEmpty() ? "" : ", and ")
                        + "allow the credentials of this repository to push it, together with refs/gitops-waves/* and "
                        + RefNames.NOTES + ".";
    }

    /** What to do about a refusal with these words, where they tell. */
    private static Optional<String> advice(String words) {
        if (SIGNATURE_RULE.matcher(words).find()) {
            return Optional.of("have commits signed with the repository's signing: key, which the server has to know as"
                    + " one of the committer's account");
        }
        return NO_REASON.matcher(words).find()
                ? Optional.of("its log says why, for example a rule that wants signed commits, which the repository's"
                        + " signing: key meets")
                : Optional.empty();
    }

    /**
     * Returns the failure of a push of which the server refused a ref.
     *
     * @param sentence says so
     * @param reason the answer of the server for the ref
     * @param words the message of the server for users
     * @param existing the refs that the server has
     */
    static RepoUnavailable failure(String sentence, String ref, String reason, String words, Set<String> existing) {
        boolean passes = OutageWords.in(reason + ": " + words)
                && refBeside(ref, existing).isEmpty();
        return passes ? new RepoUnavailable(sentence) : new RepoMisconfigured(sentence);
    }

    /** The failure of this push, of which the server refused a ref; also one of its hooks that failed itself. */
    public RepoUnavailable failure(String sentence, String ref) {
        return failure(sentence, ref, refusals.getOrDefault(ref, ""), words, found.keySet());
    }

    /** Why the server refused a ref of this push: its answer, its words, and what they advise. */
    public String reason(String ref) {
        return Stream.of(
                        Optional.of(refusals.getOrDefault(ref, "it gave no reason")), Optional.of(words), advice(words))
                .flatMap(Optional::stream)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(": "));
    }

    /** A sentence that says in the same way that the server refused a ref of this push. */
    public String refusal(String url, String ref) {
        return refusal(url, ref, refusals.getOrDefault(ref, "it gave no reason"), words, found.keySet());
    }

    private static String refusal(RemoteRefUpdate update) {
        return update.getMessage() != null
                ? SingleLine.of(update.getMessage())
                : update.getStatus().toString();
    }
}
