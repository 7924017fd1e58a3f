package io.jenkins.plugins.gitops.configuration.checks;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import io.jenkins.plugins.gitops.ci.forges.ForgeSettings;
import io.jenkins.plugins.gitops.configuration.base.PrivilegedSetting;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A source of verdicts on the commits of a config repository, as configured. */
@Restricted(NoExternalUse.class)
public abstract class CheckSource implements Describable<CheckSource>, ExtensionPoint {

    /** The names of all kinds of sources. */
    public static final List<String> NAMES = List.of(
            ReportedCheckSource.NAME,
            ForgeSettings.ForgeKind.GITHUB.source(),
            ForgeSettings.ForgeKind.GITLAB.source(),
            ForgeSettings.ForgeKind.GITEA.source(),
            ForgeSettings.ForgeKind.BITBUCKET_CLOUD.source(),
            JenkinsJobCheckSource.NAME);

    /** The name by which required checks refer to this source. */
    public abstract String name();

    /**
     * Checks that all fields can be used.
     *
     * @throws IllegalArgumentException with a sentence that begins with the field, if not
     */
    public void validate() {}

    /** For each field that names stored credentials which this controller does not have: the field with the id. */
    public Stream<String> missingCredentials() {
        return Stream.empty();
    }

    /** The parts that only administrators may add. */
    public Stream<PrivilegedSetting> privilegedSettings() {
        return Stream.empty();
    }

    /** All fields, for comparison, whether or not they can be used; elements may be null. */
    public List<Object> identity() {
        return List.of(name());
    }

    /** Is equal for two sources if all that matters to the driver is configured alike. */
    public Object configurationKey() {
        return name();
    }
}
