package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.explain.CloneServices;
import io.jenkins.plugins.gitops.flux.TargetLookup;
import io.jenkins.plugins.gitops.generation.GenerationBatch;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.promotion.Candidates;
import io.jenkins.plugins.gitops.promotion.PromotionEvaluator;
import io.jenkins.plugins.gitops.promotion.PromotionInputs;
import io.jenkins.plugins.gitops.promotion.RollbackFinder;
import io.jenkins.plugins.gitops.promotion.SignatureConditions;
import io.jenkins.plugins.gitops.promotion.StateEditor;
import io.jenkins.plugins.gitops.promotion.WaveAdmission;
import io.jenkins.plugins.gitops.promotion.WaveRollouts;
import io.jenkins.plugins.gitops.promotion.WaveStateReader;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.registry.SignatureLookup;
import io.jenkins.plugins.gitops.waves.GateLookup;
import java.time.Instant;
import java.time.ZoneOffset;
import org.eclipse.jgit.lib.PersonIdent;

/**
 * A snapshot of a repository and its waves at one time. Every decision of a round uses one context, so that all its
 * inputs are of the same snapshot. States and rollouts are evaluated once and cached.
 */
final class RoundContext {

    private final RepositorySettings settings;
    private final CloneServices services;
    private final TargetLookup targets;
    private final SignatureLookup signatures;
    private final GateLookup gates;
    private final String identity;
    private final RefSnapshot refs;
    private final CommitQueue queue;
    private final Instant now;
    private final WaveStateReader states;
    private final WaveRollouts rollouts;
    private final GenerationBatch generation;

    /**
     * Creates the context of one snapshot.
     *
     * @param targets is asked what the targets of waves run when that is needed
     * @param signatures says which images are signed
     * @param gates says what other systems answer
     * @param identity the URL of the controller that decides, for the audit
     * @param now in whole seconds
     */
    RoundContext(
            RepositorySettings settings,
            CloneServices services,
            TargetLookup targets,
            SignatureLookup signatures,
            GateLookup gates,
            String identity,
            RefSnapshot refs,
            CommitQueue queue,
            Instant now) {
        this(settings, services, targets, signatures, gates, identity, refs, queue, now, new GenerationBatch());
    }

    private RoundContext(
            RepositorySettings settings,
            CloneServices services,
            TargetLookup targets,
            SignatureLookup signatures,
            GateLookup gates,
            String identity,
            RefSnapshot refs,
            CommitQueue queue,
            Instant now,
            GenerationBatch generation) {
        this.settings = settings;
        this.services = services;
        this.targets = targets;
        this.signatures = signatures;
        this.gates = gates;
        this.identity = identity;
        this.refs = refs;
        this.queue = queue;
        this.now = now;
        this.generation = generation;
        this.states = new WaveStateReader(services.stateRef(), refs.state());
        this.rollouts = new WaveRollouts(settings, targets, services.autoBranch(), queue.main());
    }

    /** The same repository at a later time. */
    RoundContext at(Instant later) {
        return new RoundContext(
                settings, services, targets, signatures, gates, identity, refs, queue, later, generation);
    }

    /** The same snapshot with the queue read from another tip. */
    RoundContext with(CommitQueue other) {
        return new RoundContext(settings, services, targets, signatures, gates, identity, refs, other, now, generation);
    }

    RepositorySettings settings() {
        return settings;
    }

    CloneServices services() {
        return services;
    }

    String identity() {
        return identity;
    }

    RefSnapshot refs() {
        return refs;
    }

    CommitQueue queue() {
        return queue;
    }

    /** The trees that have to be generated before this round can go on. */
    GenerationBatch generation() {
        return generation;
    }

    Instant now() {
        return now;
    }

    /** The committer of the commits of this round. */
    PersonIdent committer() {
        return new PersonIdent(settings.committerName(), settings.committerEmail(), now, ZoneOffset.UTC);
    }

    WaveStateReader states() {
        return states;
    }

    WaveRollouts rollouts() {
        return rollouts;
    }

    Candidates candidates() {
        return new Candidates(settings, services.autoBranch(), rollouts, states, queue.main(), now);
    }

    /**
     * Decides on promotions.
     *
     * @param growing the queue with the commits that the present push appends
     */
    PromotionEvaluator promotions(CommitQueue growing) {
        var inputs = new PromotionInputs(services.autoBranch(), growing, rollouts, states, candidates());
        return new PromotionEvaluator(settings, inputs, signatures(), gates, now);
    }

    SignatureConditions signatures() {
        return new SignatureConditions(settings.signatures(), signatures);
    }

    WaveAdmission admission() {
        return new WaveAdmission(settings, states, now);
    }

    StateEditor stateEditor() {
        return new StateEditor(settings, services.autoBranch(), states, queue, now);
    }

    RollbackFinder rollbacks() {
        return new RollbackFinder(settings, services.autoBranch(), states, queue, now);
    }

    PushBuilder pushes() {
        return pushes(refs);
    }

    /**
     * Builds pushes that also store reports.
     *
     * @param withReports the refs as they are when the reports are stored
     */
    PushBuilder pushes(RefSnapshot withReports) {
        return new PushBuilder(refs, withReports, queue, services, identity, committer(), generation);
    }
}
