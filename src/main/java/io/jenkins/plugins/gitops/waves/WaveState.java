package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The state of a wave, or of one of its sets, from its file in the state ref; {@link WaveFile} changes it.
 *
 * @param deployed the set that was last recorded as deployed
 * @param unwell whether a target was recorded as degraded or broken since, or a verification failed, so that the set
 *     does not soak
 * @param hold the hold of the wave, which may be over
 * @param qualified the sets of previous waves that have soaked for this one, oldest first
 * @param verifications where the verifications of the sets are that it ran last, oldest first
 * @param approvals who approved which set for this wave, oldest first
 * @param rolledBack the last rollback that a failed verification caused
 * @param problem why the file cannot be read, in a sentence: then it is not known whether the wave is held
 * @param earlier what the wave ran before, the newest first
 */
public record WaveState(
        Optional<DeployedSet> deployed,
        boolean unwell,
        Optional<Hold> hold,
        List<QualifiedSet> qualified,
        List<VerificationResult> verifications,
        List<SetApproval> approvals,
        Optional<AutomatedRollback> rolledBack,
        Optional<String> problem,
        List<PastDeployment> earlier) {

    public WaveState {
        qualified = List.copyOf(qualified);
        verifications = List.copyOf(verifications);
        approvals = List.copyOf(approvals);
        earlier = List.copyOf(earlier);
    }

    /** What is known of a wave whose file can be read, and where nothing was verified or approved. */
    public WaveState(
            Optional<DeployedSet> deployed, boolean unwell, Optional<Hold> hold, List<QualifiedSet> qualified) {
        this(deployed, unwell, hold, qualified, List.of(), List.of(), Optional.empty(), Optional.empty(), List.of());
    }

    /** The same wave, which ran other sets before. */
    public WaveState withEarlier(List<PastDeployment> before) {
        return new WaveState(deployed, unwell, hold, qualified, verifications, approvals, rolledBack, problem, before);
    }

    /** What is known of a wave whose file cannot be read. */
    public static WaveState unreadable(String problem) {
        return new WaveState(
                Optional.empty(),
                false,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.of(problem),
                List.of());
    }

    /** The same set of a wave that is held, or is not, as a whole. */
    public WaveState within(WaveState wholeWave) {
        return new WaveState(
                deployed,
                unwell,
                wholeWave.hold(),
                qualified,
                verifications,
                approvals,
                rolledBack,
                problem.or(wholeWave::problem),
                earlier);
    }

    /**
     * Reads the file of a wave; of one that is not there nothing is known.
     *
     * @throws MalformedJsonException if the file is not a JSON object
     */
    public static WaveState read(Optional<byte[]> file) {
        return of(file.map(WaveFile::object).orElseGet(Json::object));
    }

    static WaveState of(ObjectNode root) {
        JsonNode hold = root.path(WaveFile.HOLD);
        return new WaveState(
                DeployedSet.of(root),
                root.has(WaveFile.UNWELL),
                hold.isMissingNode() || hold.isNull() ? Optional.empty() : Optional.of(Hold.read(hold)),
                list(root, WaveFile.QUALIFIED, QualifiedSet::read),
                list(root, WaveFile.VERIFICATIONS, VerificationResult::read),
                list(root, WaveFile.APPROVALS, SetApproval::read),
                AutomatedRollback.read(root.path(WaveFile.ROLLED_BACK)),
                Optional.empty(),
                list(root, WaveFile.EARLIER, PastDeployment::read));
    }

    private static <T> List<T> list(ObjectNode root, String name, Function<JsonNode, Optional<T>> read) {
        var entries = new ArrayList<T>();
        root.path(name).forEach(node -> read.apply(node).ifPresent(entries::add));
        return entries;
    }

    /** The hold that is in force at a time. */
    public Optional<Hold> holdAt(Instant now) {
        return hold.filter(its -> its.isInForce(now));
    }

    /**
     * Whether the set with this identity is qualified.
     *
     * @param from the wave in which it has soaked
     * @param several whether the set may come from other waves too
     */
    public boolean isQualified(String identity, String from, boolean several) {
        return qualified.stream().anyMatch(set -> set.identity().equals(identity) && set.isOf(from, several));
    }

    /** The state of a verification of a set; empty if nothing is known. */
    public Optional<VerificationResult> verification(String name, String identity) {
        return verifications.stream()
                .filter(result -> result.isOf(name, identity))
                .findFirst();
    }

    /**
     * A verification whose job is to be started.
     *
     * @param set what the wave runs
     * @param attempt which run it is, from 1
     */
    public record DueVerification(VerificationRule rule, DeployedSet set, int attempt) {}

    /** The verifications of the deployed set whose jobs nobody has started, or somebody has lost. */
    public List<DueVerification> dueVerifications(List<VerificationRule> rules, Instant now) {
        var due = new ArrayList<DueVerification>();
        if (deployed.isEmpty() || problem.isPresent()) {
            return due;
        }
        DeployedSet set = deployed.get();
        for (VerificationRule rule : rules) {
            Optional<VerificationResult> known = verification(rule.name(), set.identity());
            boolean open = known.map(result -> switch (result.state()) {
                        case BLOCKED, AGAIN -> true;
                        case RUNNING -> !result.isLeased(now);
                        case FAILED, PASSED -> false;
                    })
                    .orElse(true);
            if (open && rule.job().isPresent()) {
                int made = known.map(VerificationResult::attempt).orElse(0);
                boolean lost = known.filter(result -> result.state() == VerificationResult.State.RUNNING)
                        .isPresent();
                due.add(new DueVerification(rule, set, lost ? made : made + 1));
            }
        }
        return due;
    }

    /** The newest set, other than one, whose verifications all succeeded. */
    public Optional<VerificationResult> newestVerified(String but, List<VerificationRule> rules) {
        VerificationResult newest = null;
        for (VerificationResult result : verifications) {
            if (!result.identity().equals(but)
                    && !rules.isEmpty()
                    && isVerified(result.identity(), rules)
                    && (newest == null || !result.at().isBefore(newest.at()))) {
                newest = result;
            }
        }
        return Optional.ofNullable(newest);
    }

    /** Whether all of these verifications of a set succeeded. */
    public boolean isVerified(String identity, List<VerificationRule> rules) {
        return rules.stream()
                .allMatch(rule -> verification(rule.name(), identity)
                        .filter(result -> result.state() == VerificationResult.State.PASSED)
                        .isPresent());
    }

    /** The verifications of a set that failed, of those that are configured. */
    public List<VerificationResult> failures(String identity, List<VerificationRule> rules) {
        return rules.stream()
                .flatMap(rule -> verification(rule.name(), identity).stream())
                .filter(result -> result.state() == VerificationResult.State.FAILED)
                .toList();
    }

    /** The approvals of a set that count. */
    public List<SetApproval> approvals(String identity, ApprovalRule rule) {
        return approvals.stream()
                .filter(approval -> approval.identity().equals(identity) && rule.accepts(approval))
                .toList();
    }
}
