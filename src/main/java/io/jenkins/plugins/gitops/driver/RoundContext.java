package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.explain.CloneServices;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.promotion.Candidates;
import io.jenkins.plugins.gitops.promotion.PromotionEvaluator;
import io.jenkins.plugins.gitops.promotion.StateEditor;
import io.jenkins.plugins.gitops.promotion.WaveAdmission;
import io.jenkins.plugins.gitops.promotion.WaveRollouts;
import io.jenkins.plugins.gitops.promotion.WaveStateReader;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import java.time.Instant;
import java.time.ZoneOffset;
import org.eclipse.jgit.lib.PersonIdent;

/**
 * A repository and its waves at one moment. Who decides does so on one of these, so that all that is weighed fits
 * together; what was judged once is not judged again.
 */
final class RoundContext {

    private final RepositorySettings settings;
    private final CloneServices clone;
    private final ApplicationLookup applications;
    private final String identity;
    private final RefSnapshot view;
    private final CommitQueue line;
    private final Instant now;
    private final WaveStateReader states;
    private final WaveRollouts rollouts;

    /**
     * Puts together what one look found.
     *
     * @param applications what Argo CD says; asked when it is needed
     * @param identity the controller that decides
     * @param now in whole seconds, as precisely as anybody wants to read it
     */
    RoundContext(
            RepositorySettings settings,
            CloneServices clone,
            ApplicationLookup applications,
            String identity,
            RefSnapshot view,
            CommitQueue line,
            Instant now) {
        this.settings = settings;
        this.clone = clone;
        this.applications = applications;
        this.identity = identity;
        this.view = view;
        this.line = line;
        this.now = now;
        this.states = new WaveStateReader(clone.stateRef(), view.state());
        this.rollouts = new WaveRollouts(settings, applications, clone.autoBranch(), line.main());
    }

    /** The same repository at a later moment. */
    RoundContext at(Instant later) {
        return new RoundContext(settings, clone, applications, identity, view, line, later);
    }

    RepositorySettings settings() {
        return settings;
    }

    CloneServices repository() {
        return clone;
    }

    String identity() {
        return identity;
    }

    RefSnapshot view() {
        return view;
    }

    CommitQueue line() {
        return line;
    }

    Instant now() {
        return now;
    }

    /** Who commits, and when. */
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
        return new Candidates(settings, clone.autoBranch(), rollouts, states, line.main(), now);
    }

    /** Decides on wishes to promote where the auto branch has grown to a line. */
    PromotionEvaluator promotions(CommitQueue growing) {
        return new PromotionEvaluator(settings, clone.autoBranch(), rollouts, states, candidates(), growing, now);
    }

    WaveAdmission entry() {
        return new WaveAdmission(states, now);
    }

    StateEditor markings() {
        return new StateEditor(settings, clone.autoBranch(), states, line);
    }

    PushBuilder decisions() {
        return decisions(view);
    }

    /** Puts decisions into pushes that carry verdicts, too. */
    PushBuilder decisions(RefSnapshot judged) {
        return new PushBuilder(view, judged, line, clone, identity, committer());
    }
}
