package io.jenkins.plugins.gitops.build;

import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A change that a build only tried; what it would have changed is a file beside {@code build.xml}. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class DeliveredDryRun implements TimelineEntry {

    private final String id;
    private final String repository;
    private final String wave;
    private final long since;

    /**
     * A dry run that has just ended.
     *
     * @param id of the change that was not made
     * @param since when it ended, in milliseconds
     */
    public DeliveredDryRun(String id, String repository, String wave, long since) {
        this.id = id;
        this.repository = repository;
        this.wave = wave;
        this.since = since;
    }

    @Exported
    public String getRepository() {
        return repository;
    }

    @Exported
    public String getWave() {
        return wave;
    }

    @Override
    @Exported
    public long getSince() {
        return since;
    }

    @Override
    public String getSymbol() {
        return StatusSymbols.NOTED;
    }

    @Override
    public String getHeadline() {
        return Messages.DeliveredDryRun_Headline(wave);
    }

    /** The name of the file with the difference. */
    String file() {
        return "gitops-waves-dry-run-" + id + ".diff";
    }
}
