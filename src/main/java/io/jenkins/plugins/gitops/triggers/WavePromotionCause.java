package io.jenkins.plugins.gitops.triggers;

import hudson.model.Cause;
import hudson.model.Run;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.delivery.DuePromotion;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The cause of a build that was triggered because a set may be promoted to the next wave. */
@Restricted(NoExternalUse.class)
public final class WavePromotionCause extends Cause {

    private final String repository;
    private final String from;
    private final String to;
    private final String key;
    private final String sha;
    private final String services;
    private final String why;

    WavePromotionCause(String repository, String from, DuePromotion due) {
        this.repository = repository;
        this.from = from;
        this.to = due.path().toString();
        this.key = due.key();
        this.sha = due.sha();
        this.services = due.services();
        this.why = due.why();
    }

    /** The name of the set for whose promotion to a wave a build was triggered, if it was and the set has a name. */
    public static Optional<String> set(Run<?, ?> run, String repository, String wave) {
        return Optional.ofNullable(run.getCause(WavePromotionCause.class))
                .filter(cause -> cause.repository.equals(repository))
                .map(cause -> WavePath.parse(cause.to))
                .filter(path -> path.wave().equals(wave))
                .flatMap(WavePath::set);
    }

    /** Whether the build was triggered for the same promotion. */
    boolean isFor(DuePromotion due) {
        return key.equals(due.key());
    }

    @Override
    public String getShortDescription() {
        return Messages.WavePromotionCause_Description(services, CommitSha.abbreviate(sha), from, to, repository, why);
    }
}
