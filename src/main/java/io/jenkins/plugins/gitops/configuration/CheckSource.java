package io.jenkins.plugins.gitops.configuration;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import io.jenkins.plugins.gitops.ci.ForgeSettings;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Where the verdicts on commits of a config repository come from. */
@Restricted(NoExternalUse.class)
public abstract class CheckSource implements Describable<CheckSource>, ExtensionPoint {

    /** The names of all sources. */
    static final List<String> NAMES = List.of(
            ReportedCheckSource.NAME,
            ForgeSettings.Kind.GITHUB.source(),
            ForgeSettings.Kind.GITLAB.source(),
            ForgeSettings.Kind.GITEA.source(),
            JenkinsJobCheckSource.NAME);

    /** The name by which a required check refers to this source. */
    public abstract String name();

    /**
     * Looks whether it can be used.
     *
     * @throws IllegalArgumentException with a sentence that begins with the field, if not
     */
    void check() {}

    /** Field and id of stored credentials that it names and that are not there. */
    Stream<String> missingCredentials() {
        return Stream.empty();
    }

    /** What only administrators may have it reach. */
    Stream<PrivilegedSetting> reach() {
        return Stream.empty();
    }

    /** Equal as long as nothing about it is configured differently. */
    Object asConfigured() {
        return name();
    }
}
