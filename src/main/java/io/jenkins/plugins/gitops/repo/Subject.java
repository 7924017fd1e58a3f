package io.jenkins.plugins.gitops.repo;

import java.util.Objects;

/**
 * The first line of a change's commit, from a template: <code>{sha}</code> and <code>{shortSha}</code> are the commit
 * of the application, <code>{wave}</code> the wave, <code>{services}</code> what it sets.
 */
final class Subject {

    private static final int SHORT = 10;

    private Subject() {}

    static String of(String template, NewChange change) {
        String known = change.appSha();
        String sha = known != null ? known : "an unknown commit";
        String shortSha = known == null || known.length() <= SHORT ? sha : known.substring(0, SHORT);
        return template.replace("{sha}", sha)
                .replace("{shortSha}", shortSha)
                .replace("{wave}", SetPlace.wave(change.wave()))
                .replace("{set}", Objects.requireNonNullElse(SetPlace.set(change.wave()), ""))
                .replace(
                        "{services}", String.join(", ", change.images().images().keySet()));
    }
}
