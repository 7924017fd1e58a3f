package io.jenkins.plugins.gitops.ci;

/**
 * What a source says of one check of one commit.
 *
 * @param app the id of the app that says so; {@link #NO_APP} where the source does not tell
 */
public record CheckResult(CheckStatus status, long app) {

    /** Of a status whose author is not known as an app. */
    public static final long NO_APP = 0;

    /** Whether it is about the check: of its very name, and by its app if it is bound to one. */
    boolean isAbout(RequiredCheck check) {
        return status.context().equals(check.name()) && (check.appId() == NO_APP || check.appId() == app);
    }
}
