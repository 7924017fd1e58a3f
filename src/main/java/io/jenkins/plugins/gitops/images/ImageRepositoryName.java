package io.jenkins.plugins.gitops.images;

import java.util.Set;

/**
 * Where an image repository lies, however it is written: {@code app}, {@code library/app} and
 * {@code docker.io/library/app} are one place.
 *
 * @param registry {@code docker.example.com}, {@code localhost:5000} or {@code docker.io}
 * @param name within the registry, {@code team/app}
 */
public record ImageRepositoryName(String registry, String name) {

    /** The registry that is meant where none is named. */
    public static final String DOCKER_HUB = "docker.io";

    private static final Set<String> ALSO_DOCKER_HUB = Set.of("index.docker.io", "registry-1.docker.io");

    /** The place of a repository, as Docker reads it: a first part with a dot, a port, or localhost is a registry. */
    public static ImageRepositoryName of(String repository) {
        int slash = repository.indexOf('/');
        String first = slash < 0 ? "" : repository.substring(0, slash);
        boolean named = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
        String registry = named && !ALSO_DOCKER_HUB.contains(first) ? first : DOCKER_HUB;
        String name = named ? repository.substring(slash + 1) : repository;
        boolean official = registry.equals(DOCKER_HUB) && name.indexOf('/') < 0;
        return new ImageRepositoryName(registry, official ? "library/" + name : name);
    }

    /** Whether both are the same place. */
    public static boolean same(String repository, String other) {
        return of(repository).equals(of(other));
    }
}
