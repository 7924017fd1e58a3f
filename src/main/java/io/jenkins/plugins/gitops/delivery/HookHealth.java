package io.jenkins.plugins.gitops.delivery;

import java.time.Instant;
import java.util.Optional;

/**
 * The health of the webhooks of one source.
 *
 * @param source who sends them: {@code github}, {@code gitlab}, {@code gitea}, {@code bitbucket}, {@code argocd}, {@code images},
 *     {@code reported}
 * @param lastSeen when the last webhook arrived, since the controller was started
 * @param missed the number of changes that polling found and no webhook reported, since the last webhook
 */
public record HookHealth(String source, Optional<Instant> lastSeen, int missed) {}
