package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.changes.RejectionStore;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.WaveFile;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;

/** Computes the changes of files of the state ref that commands ask for. */
public final class StateEditor {

    /** The number of digests that the message of a commit names. */
    private static final int LISTED = 1000;

    /** In how many commits of main a digest is looked for that is rejected. */
    private static final int SEARCHED_COMMITS = 200;

    private final RepositorySettings settings;
    private final AutoBranch branch;
    private final WaveStateReader states;
    private final CommitQueue queue;
    private final PendingSets pending;
    private final ApprovalEditor approvals;
    private final VerificationEditor verifications;

    /** Computes changes at one time. */
    public StateEditor(
            RepositorySettings settings, AutoBranch branch, WaveStateReader states, CommitQueue queue, Instant now) {
        this.settings = settings;
        this.branch = branch;
        this.states = states;
        this.queue = queue;
        var revisions = new RevisionFinder(settings, branch.graph(), queue.main());
        this.pending = new PendingSets(settings, branch, states, queue);
        this.approvals = new ApprovalEditor(settings, branch, states, revisions, pending);
        this.verifications = new VerificationEditor(settings, branch, states, revisions, pending, now);
    }

    /**
     * A change of files of the state ref.
     *
     * @param files their contents by path; empty for files that are removed
     * @param why the commit's message
     */
    public record Edit(Map<String, Optional<String>> files, String why) {

        public Edit(String path, String content, String why) {
            this(Map.of(path, Optional.of(content)), why);
        }

        /** A change that removes nothing. */
        static Edit writing(Map<String, String> files, String why) {
            var all = new HashMap<String, Optional<String>>();
            files.forEach((path, content) -> all.put(path, Optional.of(content)));
            return new Edit(all, why);
        }
    }

    /**
     * The change for a command; empty if the state ref has its effect already.
     *
     * @throws RequestRefused if the command names what the repository does not have, or says more than is kept
     */
    public Optional<Edit> edit(StateCommand marking) throws IOException, RequestRefused {
        if (marking instanceof StateCommand.RejectImages reject) {
            return reject(reject);
        }
        if (marking instanceof StateCommand.RejectRevision reject) {
            return reject(new StateCommand.RejectImages(
                    brought(reject.revision()), reject.reason(), reject.by(), reject.at()));
        }
        if (marking instanceof StateCommand.AcceptImages accept) {
            return accept(accept);
        }
        if (marking instanceof StateCommand.ApproveSet approve) {
            return approvals.approve(approve);
        }
        if (marking instanceof StateCommand.WithdrawApproval withdraw) {
            return approvals.withdraw(withdraw);
        }
        if (marking instanceof StateCommand.StartVerification start) {
            return verifications.start(start);
        }
        if (marking instanceof StateCommand.EndVerification end) {
            return verifications.end(end);
        }
        if (marking instanceof StateCommand.ReportVerification report) {
            return verifications.report(report);
        }
        if (marking instanceof StateCommand.RepeatVerification repeat) {
            return verifications.repeat(repeat);
        }
        if (marking instanceof StateCommand.HoldWave hold) {
            checkLength(hold.hold().reason());
            checkReadable(known(hold.wave()));
            return isHeld(hold) ? Optional.empty() : Optional.of(hold(hold));
        }
        var release = (StateCommand.ReleaseWave) marking;
        WavePath wave = known(release.wave());
        checkReadable(wave);
        if (release.reason().isPresent()) {
            checkLength(release.reason().get());
        }
        if (states.of(wave).hold().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Edit(
                StateRef.pathOf(wave),
                new WaveFile(states.file(wave)).hold(Optional.empty()).json(),
                wave + " is released\n\n"
                        + release.reason().map(why -> "Why: " + why + "\n").orElse("") + "By: " + release.by()));
    }

    private static void checkLength(String reason) throws RequestRefused {
        try {
            SingleLine.checkLength(reason, "reason");
        } catch (IllegalArgumentException e) {
            throw new RequestRefused(e.getMessage());
        }
    }

    private static void checkDigest(String digest) throws RequestRefused {
        if (!ImageRef.isDigest(digest)) {
            throw new RequestRefused("\"" + SingleLine.excerpt(digest) + "\" is not a digest: give "
                    + ImageRef.digestForm(digest) + ".");
        }
    }

    private void checkReadable(WavePath wave) throws IOException, RequestRefused {
        Optional<String> problem = states.of(wave).problem();
        if (problem.isPresent()) {
            throw new RequestRefused("Nothing but a rollback gets into " + wave + " already: " + problem.get());
        }
    }

    private boolean isHeld(StateCommand.HoldWave hold) throws IOException, RequestRefused {
        return states.of(known(hold.wave())).hold().equals(Optional.of(hold.hold()));
    }

    /** The change for a hold, also if the wave is held in the same way. */
    public Edit hold(StateCommand.HoldWave hold) throws IOException {
        return new Edit(
                StateRef.pathOf(WavePath.of(hold.wave())),
                new WaveFile(states.file(WavePath.of(hold.wave())))
                        .hold(Optional.of(hold.hold()))
                        .json(),
                hold.wave() + " is held\n\nWhy: " + hold.hold().reason() + "\nUntil: "
                        + hold.hold().until().map(Instant::toString).orElse("released") + "\nBy: "
                        + hold.hold().by());
    }

    /** The change that records that a set has soaked for long enough to go to a wave. */
    public Edit qualified(WavePath to, QualifiedSet set) throws IOException {
        return new Edit(
                StateRef.pathOf(to),
                new WaveFile(states.file(to)).qualified(set, pending.before(to)).json(),
                "A set may go to " + to + "\n\nWhy: the set " + set.identity() + " of " + set.sha()
                        + " has soaked for long enough");
    }

    private WavePath known(String wave) throws RequestRefused {
        try {
            return WavePath.of(settings.wave(wave).name());
        } catch (IllegalArgumentException e) {
            throw new RequestRefused(e.getMessage());
        }
    }

    private Optional<Edit> reject(StateCommand.RejectImages reject) throws IOException, RequestRefused {
        checkLength(reject.reason());
        Optional<String> problem = states.rejectionProblem();
        if (problem.isPresent()) {
            throw new RequestRefused("Nothing is promoted already: " + problem.get());
        }
        var digests = new ArrayList<String>();
        for (String digest : reject.digests()) {
            checkDigest(digest);
            if (!states.isRejected(digest)) {
                digests.add(digest);
            }
        }
        if (digests.isEmpty()) {
            return Optional.empty();
        }
        var rejection = new RejectedImages.Rejection(
                reject.reason(), reject.by(), reject.at().toString());
        String more = digests.size() > LISTED ? "\nand " + (digests.size() - LISTED) + " more" : "";
        return Optional.of(Edit.writing(
                RejectionStore.files(digests, rejection, reject.at()),
                "Images are rejected\n\n" + String.join("\n", digests.subList(0, Math.min(LISTED, digests.size())))
                        + more + "\n\nWhy: " + reject.reason() + "\nBy: " + reject.by()));
    }

    private Optional<Edit> accept(StateCommand.AcceptImages accept) throws IOException, RequestRefused {
        checkLength(accept.reason());
        Optional<String> problem = states.rejectionProblem();
        if (problem.isPresent()) {
            throw new RequestRefused("Nothing can be accepted: " + problem.get());
        }
        var digests = new TreeSet<String>();
        for (String digest : accept.digests()) {
            checkDigest(digest);
            if (states.isRejected(digest)) {
                digests.add(digest);
            }
        }
        if (digests.isEmpty()) {
            return Optional.empty();
        }
        String more = digests.size() > LISTED ? "\nand " + (digests.size() - LISTED) + " more" : "";
        return Optional.of(new Edit(
                states.filesAccepting(digests),
                "Rejected images are accepted\n\n"
                        + digests.stream().limit(LISTED).collect(Collectors.joining("\n")) + more + "\n\nWhy: "
                        + accept.reason() + "\nBy: " + accept.by()));
    }

    /** What whoever gave a command has to know although it was carried out; empty text for nothing. */
    public String remark(StateCommand command) throws IOException {
        if (!(command instanceof StateCommand.RejectImages reject)) {
            return "";
        }
        var unknown = new TreeSet<String>(reject.digests());
        int looked = 0;
        for (QueuedCommit commit : queue.commits()) {
            removeKnown(unknown, commit.sha());
        }
        for (ObjectId commit : branch.mainLog().upTo(queue.main()).firstParents()) {
            if (unknown.isEmpty() || looked++ == SEARCHED_COMMITS) {
                break;
            }
            removeKnown(unknown, commit);
        }
        return unknown.isEmpty()
                ? ""
                : "No wave had " + String.join(", ", unknown) + " in the last " + SEARCHED_COMMITS + " commits of "
                        + settings.mainBranch() + ", nor is it queued: is that the digest that was meant?";
    }

    private void removeKnown(Set<String> digests, ObjectId commit) throws IOException {
        for (WavePath path : settings.wavePaths()) {
            try {
                digests.removeAll(digests(commit, path));
            } catch (InvalidImagesException e) {
                // Files that cannot be read have no digest that is known.
                continue;
            }
        }
    }

    /** The digests that a commit on main has in a wave and that its parent does not have in the same wave. */
    private List<String> brought(String revision) throws IOException, RequestRefused {
        ObjectId commit = new RevisionFinder(settings, branch.graph(), queue.main()).onMain(revision);
        Optional<ObjectId> parent = branch.graph().parent(commit);
        var digests = new TreeSet<String>();
        for (WavePath path : settings.wavePaths()) {
            Set<String> brought = digests(commit, path);
            if (parent.isPresent()) {
                brought.removeAll(digests(parent.get(), path));
            }
            digests.addAll(brought);
        }
        if (digests.isEmpty()) {
            throw new RequestRefused("The commit " + revision + " brought no image into a wave; name digests.");
        }
        return List.copyOf(digests);
    }

    private Set<String> digests(ObjectId commit, WavePath path) throws IOException {
        return branch.images().read(commit, path).images().values().stream()
                .map(ImageRef::digest)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
