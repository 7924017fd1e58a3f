package io.jenkins.plugins.gitops.generation;

/**
 * A build that generates.
 *
 * @param name for people, such as {@code acme/cfg-generate #12}
 * @param url of the build, or empty text if its controller has none
 */
public record GeneratorBuild(String name, String url) {

    /** The name, with the URL where there is one. */
    String shown() {
        return url.isEmpty() ? name : name + " (" + url + ")";
    }
}
