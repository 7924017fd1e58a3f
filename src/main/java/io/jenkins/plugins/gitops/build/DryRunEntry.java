package io.jenkins.plugins.gitops.build;

import io.jenkins.plugins.gitops.waves.WavePath;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A dry run of a change; its diff is a file beside {@code build.xml}. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class DryRunEntry extends TimelineEntry {

    private final String id;
    private final String wave;

    /**
     * A dry run that has just ended.
     *
     * @param id of the change that was not made
     * @param wave the wave, or the wave and the set, that the change would have written
     * @param now in milliseconds
     */
    public DryRunEntry(String id, String repository, WavePath path, long now) {
        super(repository, EntryState.TRIED_OUT, now, now);
        this.id = id;
        this.wave = path.toString();
    }

    @Exported
    public String getWave() {
        return wave;
    }

    @Override
    public String getHeadline() {
        return Messages.DryRunEntry_Headline(wave);
    }

    @Override
    boolean isSameAs(TimelineEntry other) {
        return other instanceof DryRunEntry that && id.equals(that.id);
    }

    /** The name of the file with the difference, in the folder of the build. */
    String file() {
        return "gitops-waves-dry-run-" + id + ".diff";
    }
}
