package io.jenkins.plugins.gitops.delivery;

import java.time.Instant;
import java.util.Optional;

/**
 * The health of the webhooks of one source.
 *
 * @param source who sends them: {@code github}, {@code gitlab}, {@code gitea}, {@code argocd}, {@code images},
 *     {@code reported}
 * @param lastSeen when one came last, since the controller was started
 * @param missed how many changes were found by looking that no hook had told of, since one came last
 */
public record HookHealth(String source, Optional<Instant> lastSeen, int missed) {}
