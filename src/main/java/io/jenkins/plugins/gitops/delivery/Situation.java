package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.argocd.Applications;
import io.jenkins.plugins.gitops.repo.Line;
import io.jenkins.plugins.gitops.repo.View;
import java.time.Instant;
import java.time.ZoneOffset;
import org.eclipse.jgit.lib.PersonIdent;

/**
 * A repository and its waves at one moment. Who decides does so on one of these, so that all that is weighed fits
 * together; what was judged once is not judged again.
 */
final class Situation {

    private final RepositorySettings settings;
    private final Clone clone;
    private final Applications applications;
    private final String identity;
    private final View view;
    private final Line line;
    private final Instant now;
    private final WaveStates states;
    private final Rollouts rollouts;

    /**
     * Puts together what one look found.
     *
     * @param applications what Argo CD says; asked when it is needed
     * @param identity the controller that decides
     * @param now in whole seconds, as precisely as anybody wants to read it
     */
    Situation(
            RepositorySettings settings,
            Clone clone,
            Applications applications,
            String identity,
            View view,
            Line line,
            Instant now) {
        this.settings = settings;
        this.clone = clone;
        this.applications = applications;
        this.identity = identity;
        this.view = view;
        this.line = line;
        this.now = now;
        this.states = new WaveStates(clone.stateRef(), view.state());
        this.rollouts = new Rollouts(settings, applications, clone.autoBranch(), line.main());
    }

    /** The same repository at a later moment. */
    Situation at(Instant later) {
        return new Situation(settings, clone, applications, identity, view, line, later);
    }

    RepositorySettings settings() {
        return settings;
    }

    Clone repository() {
        return clone;
    }

    String identity() {
        return identity;
    }

    View view() {
        return view;
    }

    Line line() {
        return line;
    }

    Instant now() {
        return now;
    }

    /** Who commits, and when. */
    PersonIdent committer() {
        return new PersonIdent(settings.committerName(), settings.committerEmail(), now, ZoneOffset.UTC);
    }

    WaveStates states() {
        return states;
    }

    Rollouts rollouts() {
        return rollouts;
    }

    Candidates candidates() {
        return new Candidates(settings, clone.autoBranch(), rollouts, states, line.main(), now);
    }

    /** Decides on wishes to promote where the auto branch has grown to a line. */
    Promotions promotions(Line growing) {
        return new Promotions(clone.autoBranch(), rollouts, states, candidates(), growing, now);
    }

    Entry entry() {
        return new Entry(states, now);
    }

    Markings markings() {
        return new Markings(settings, clone.autoBranch(), states, line);
    }

    Decisions decisions() {
        return decisions(view);
    }

    /** Puts decisions into pushes that carry verdicts, too. */
    Decisions decisions(View judged) {
        return new Decisions(view, judged, line, clone, identity, committer());
    }
}
