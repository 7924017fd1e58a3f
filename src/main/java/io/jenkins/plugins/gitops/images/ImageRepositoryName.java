package io.jenkins.plugins.gitops.images;

import java.util.Set;

/**
 * The normalised name of an image repository: {@code app}, {@code library/app} and {@code docker.io/library/app} are
 * the same repository.
 *
 * @param registry {@code docker.example.com}, {@code localhost:5000} or {@code docker.io}
 * @param name the path within the registry, {@code team/app}
 */
public record ImageRepositoryName(String registry, String name) {

    /** The registry of names without a registry. */
    public static final String DOCKER_HUB = "docker.io";

    private static final Set<String> DOCKER_HUB_ALIASES = Set.of("index.docker.io", "registry-1.docker.io");

    /** Parses a name as Docker does: a first part with a dot or a port, or {@code localhost}, is the registry. */
    public static ImageRepositoryName of(String repository) {
        int slash = repository.indexOf('/');
        String first = slash < 0 ? "" : repository.substring(0, slash);
        boolean named = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
        String registry = named && !DOCKER_HUB_ALIASES.contains(first) ? first : DOCKER_HUB;
        String name = named ? repository.substring(slash + 1) : repository;
        boolean official = registry.equals(DOCKER_HUB) && name.indexOf('/') < 0;
        return new ImageRepositoryName(registry, official ? "library/" + name : name);
    }

    /** Whether both names are of the same repository. */
    public static boolean same(String repository, String other) {
        return of(repository).equals(of(other));
    }
}
