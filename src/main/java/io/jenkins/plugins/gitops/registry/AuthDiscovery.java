package io.jenkins.plugins.gitops.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * What a registry says before it is asked for an image.
 *
 * @param tokenService scheme, host and port of the service that gives tokens for it, or null if it needs none
 * @param trusted whether that service may be given the registry's credentials
 */
public record AuthDiscovery(@CheckForNull String tokenService, boolean trusted) {}
