package io.jenkins.plugins.gitops.registry;

import java.util.Optional;

/**
 * The way in which a registry authenticates its clients, as it answers a request without credentials.
 *
 * @param tokenService scheme, host and port of the service that issues its tokens; empty if it uses none
 * @param trusted whether the registry's credentials may be sent to that service
 */
public record AuthDiscovery(Optional<String> tokenService, boolean trusted) {}
