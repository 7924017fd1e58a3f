package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.queue.AppCommitLog;
import io.jenkins.plugins.gitops.queue.AppendResult;
import io.jenkins.plugins.gitops.queue.MainLog;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import io.jenkins.plugins.gitops.waves.GateAnswer;
import io.jenkins.plugins.gitops.waves.GateLookup;
import io.jenkins.plugins.gitops.waves.GateQuestion;
import io.jenkins.plugins.gitops.waves.GateRule;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.PromotionWindow;
import io.jenkins.plugins.gitops.waves.SetApproval;
import io.jenkins.plugins.gitops.waves.VerificationResult;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;

/** Evaluates the named conditions of promotions into a wave, each by itself. */
public final class ConditionEvaluator {

    private final String repository;
    private final PromotionInputs inputs;
    private final SignatureConditions signatures;
    private final GateLookup gates;
    private final Instant now;

    ConditionEvaluator(
            String repository, PromotionInputs inputs, SignatureConditions signatures, GateLookup gates, Instant now) {
        this.repository = repository;
        this.inputs = inputs;
        this.signatures = signatures;
        this.gates = gates;
        this.now = now;
    }

    /** The condition that none of the images of a set was rejected. */
    PromotionCondition rejected(ImageSet set) throws IOException {
        Optional<String> refusal = inputs.states().rejection(set);
        return new PromotionCondition(
                PromotionCondition.REJECTED,
                refusal.isEmpty(),
                "no image was rejected",
                refusal.map(sentence -> sentence.endsWith(".") ? sentence : sentence + ".")
                        .orElse("none of the images was rejected."));
    }

    /** The condition that a set was verified in a wave; empty if the wave has no verifications. */
    Optional<PromotionCondition> verified(Wave from, WavePath path, String identity) throws IOException {
        List<VerificationRule> rules = from.gates().verifications();
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        WaveState state = inputs.states().of(path);
        var seen = new ArrayList<String>();
        for (VerificationRule rule : rules) {
            Optional<VerificationResult> result = state.verification(rule.name(), identity);
            boolean passed = result.filter(its -> its.state() == VerificationResult.State.PASSED)
                    .isPresent();
            if (!passed) {
                seen.add(result.map(VerificationResult::sentence)
                        .orElseGet(() -> rule.name()
                                + rule.job()
                                        .map(job -> " is not started yet: the job " + job + " is started once all of "
                                                + path + " runs the set.")
                                        .orElse(" is not reported yet, by reportVerification or POST verify.")));
            }
        }
        return Optional.of(new PromotionCondition(
                PromotionCondition.VERIFIED,
                seen.isEmpty(),
                "verified in " + path + " by " + String.join(", ", VerificationRule.names(rules)),
                seen.isEmpty()
                        ? "it was verified in " + path + "."
                        : "in " + path + ": " + state.problem().orElse(String.join(" ", seen))));
    }

    /** The condition that enough people approved a set for a wave; empty if nobody has to. */
    Optional<PromotionCondition> approved(Wave to, WavePath path, String identity) throws IOException {
        ApprovalRule rule = to.gates().approvals();
        if (!rule.isAsked()) {
            return Optional.empty();
        }
        WaveState state = inputs.states().of(path);
        List<SetApproval> approvals = state.approvals(identity, rule);
        boolean met = approvals.size() >= rule.count();
        String given = approvals.isEmpty()
                ? "nobody approved it"
                : "approved by "
                        + approvals.stream()
                                .map(approval -> approval.by() + " at " + approval.at()
                                        + (approval.comment().isEmpty() ? "" : " (" + approval.comment() + ")"))
                                .collect(Collectors.joining(", "));
        return Optional.of(new PromotionCondition(
                PromotionCondition.APPROVED,
                met,
                rule.count() == 1
                        ? "somebody approved it for " + path
                        : rule.count() + " people approved it for " + path,
                state.problem()
                        .orElse(
                                met
                                        ? given + "."
                                        : given + "; " + approvals.size() + " of " + rule.count()
                                                + ". There may still approve: " + rule.approvers() + ".")));
    }

    /**
     * The conditions of the set and of the wave that it would go to.
     *
     * @param notOlder whether nothing newer was promoted there
     */
    List<PromotionCondition> ofSet(Wave to, WavePath path, String sha, ImageSet set, PromotionCondition notOlder)
            throws IOException {
        var conditions = new ArrayList<PromotionCondition>();
        conditions.add(notOlder);
        conditions.add(rejected(set));
        signatures.of(to, set, now).ifPresent(conditions::add);
        for (GateRule rule : to.gates().questions()) {
            conditions.add(answered(GateQuestion.of(rule, repository, path, sha, set.identity())));
        }
        approved(to, path, set.identity()).ifPresent(conditions::add);
        conditions.addAll(ofTarget(to, path));
        return conditions;
    }

    /** The condition that another system says yes. What it has not said yet it has not said. */
    private PromotionCondition answered(GateQuestion question) {
        GateRule rule = question.rule();
        Optional<GateAnswer> answer = gates.of(question);
        String asked = rule.name() + " says \"" + rule.value() + "\" at " + rule.pointer();
        return new PromotionCondition(
                PromotionCondition.GATE + rule.name(),
                answer.filter(GateAnswer::yes).isPresent(),
                asked,
                answer.map(known -> rule.name() + " " + known.seen())
                        .orElse(rule.name() + " is asked, and has not answered yet."),
                answer.map(GateAnswer::next).orElseGet(() -> now.plus(rule.every())));
    }

    /** The conditions that do not depend on the set: hold, windows and intake. */
    List<PromotionCondition> ofTarget(Wave to, WavePath path) throws IOException {
        var conditions = new ArrayList<PromotionCondition>();
        conditions.add(notHeld(to, inputs.states().of(path)));
        if (!to.gates().windows().isEmpty()) {
            conditions.add(window(to.gates().windows()));
        }
        inputs.candidates().intake(path).ifPresent(conditions::add);
        return conditions;
    }

    private PromotionCondition notHeld(Wave to, WaveState state) {
        String asked = "nobody holds " + to.name();
        Optional<Hold> hold = state.holdAt(now);
        if (hold.isPresent()) {
            return new PromotionCondition(
                    PromotionCondition.HOLD,
                    false,
                    asked,
                    hold.get().sentence(to.name()),
                    hold.get().until().orElse(null));
        }
        return new PromotionCondition(
                PromotionCondition.HOLD,
                state.problem().isEmpty(),
                asked,
                state.problem().orElse("nobody holds " + to.name() + "."));
    }

    private PromotionCondition window(List<PromotionWindow> windows) {
        String asked = "in a window: "
                + String.join(
                        ", ", windows.stream().map(PromotionWindow::toString).toList());
        Optional<Instant> open = windows.stream()
                .map(window -> window.openUntil(now))
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
        if (open.isPresent()) {
            return new PromotionCondition(
                    PromotionCondition.WINDOW, true, asked, "a window is open until " + open.get() + ".");
        }
        Instant next = windows.stream()
                .map(window -> window.next(now))
                .flatMap(Optional::stream)
                .min(Instant::compareTo)
                .orElse(null);
        return new PromotionCondition(
                PromotionCondition.WINDOW, false, asked, "the next window opens at " + next + ".", next);
    }

    /**
     * The condition that nothing newer than a commit's set was promoted to a wave. Compares the commits that were
     * promoted, not the times: a webhook or a build may be late.
     */
    PromotionCondition notOlder(WavePath to, String source) throws IOException {
        // Trailers may say anything; what is not a commit of this repository is newer than none.
        String last = inputs.branch()
                .mainLog()
                .upTo(inputs.queue().main())
                .lastPromoted(to, inputs.queue().commits())
                .orElse(source);
        boolean older = !last.equals(source)
                && inputs.branch().graph().has(last)
                && inputs.branch().graph().contains(ObjectId.fromString(last), ObjectId.fromString(source));
        return new PromotionCondition(
                PromotionCondition.NOT_OLDER,
                !older,
                "nothing newer was promoted to " + to,
                older
                        ? "what was promoted to " + to + " last is of " + CommitSha.abbreviate(last)
                                + ", and so newer than " + CommitSha.abbreviate(source) + "."
                        : "nothing newer than " + CommitSha.abbreviate(source) + " was promoted to " + to + ".");
    }

    /**
     * The same for a set that one of several waves has. These have their sets at different times, so that the commits
     * are compared by which the sets came into their first waves.
     */
    PromotionCondition notOlder(WavePath to, String source, WavePath from) throws IOException {
        MainLog log = inputs.branch().mainLog().upTo(inputs.queue().main());
        Optional<ObjectId> last = log.lastPromotedOrigin(to, inputs.queue().commits());
        ObjectId origin = log.origin(ObjectId.fromString(source), from);
        boolean older = last.isPresent()
                && !last.get().equals(origin)
                && inputs.branch().graph().contains(last.get(), origin);
        return new PromotionCondition(
                PromotionCondition.NOT_OLDER,
                !older,
                "nothing newer was promoted to " + to,
                older
                        ? "what was promoted to " + to + " last began its way at " + CommitSha.abbreviate(last.get())
                                + ", and so is newer than " + CommitSha.abbreviate(source) + ", which began at "
                                + CommitSha.abbreviate(origin) + "."
                        : "nothing newer than " + CommitSha.abbreviate(source) + " was promoted to " + to + ".");
    }

    /**
     * The condition that a set does not take a wave back to a commit of the application that it had before something
     * newer, as after a rollback of the wave before; empty if it does not.
     *
     * @param source the config commit that has the set
     * @param from where the set is in it
     */
    Optional<PromotionCondition> notRedelivered(WavePath to, ImageSet set, ObjectId source, WavePath from)
            throws IOException {
        MainLog mainLog = inputs.branch().mainLog().upTo(inputs.queue().main());
        Optional<String> appSha = mainLog.newestChange(source, from).flatMap(ChangeTrailers::appSha);
        if (appSha.isEmpty()) {
            return Optional.empty();
        }
        Optional<AppCommitLog.Repetition> repeated = mainLog.repetition(
                to, appSha.get(), set.images().keySet(), inputs.queue().commits());
        if (repeated.isEmpty() || !goesBack(to, set, mainLog, repeated.get().before())) {
            return Optional.empty();
        }
        return Optional.of(new PromotionCondition(
                PromotionCondition.NOT_REDELIVERED,
                false,
                to + " does not go back to an earlier app commit",
                repeated.get().sentence() + "; to go back to it, say redeliver: true, or roll " + to + " back."));
    }

    /** Whether a set differs from the present one in a service that would be again as an earlier change had it. */
    private boolean goesBack(WavePath to, ImageSet set, MainLog mainLog, String change) throws IOException {
        ObjectId commit = mainLog.find(change)
                .or(() -> inputs.queue().find(change).map(QueuedCommit::sha))
                .orElseThrow();
        ImageSet before = inputs.branch().images().read(commit, to);
        ImageSet present = inputs.branch().images().read(inputs.queue().tip(), to);
        return set.differingServices(present).stream()
                .anyMatch(service -> tag(set, service).isPresent()
                        && tag(set, service).equals(tag(before, service))
                        && !tag(set, service).equals(tag(present, service)));
    }

    /** Tags say which commit of the application runs, also where a second build of it has another digest. */
    private static Optional<String> tag(ImageSet set, String service) {
        return set.get(service).map(ImageRef::tagReference);
    }

    /** The condition that the target has another set, from the result of appending the change. */
    public static PromotionCondition differs(WavePath to, AppendResult appending) {
        return appending instanceof AppendResult.Attached attached
                ? new PromotionCondition(
                        PromotionCondition.DIFFERS,
                        true,
                        to + " has another set",
                        "the change " + attached.to().id() + " brings this set to " + to + " already.")
                : differs(to, !(appending instanceof AppendResult.Unchanged));
    }

    /** The condition that the target has another set. */
    static PromotionCondition differs(WavePath to, boolean differs) {
        return new PromotionCondition(
                PromotionCondition.DIFFERS,
                differs,
                to + " has another set",
                to + (differs ? " has another set." : " has this set already."));
    }
}
