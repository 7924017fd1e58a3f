package io.jenkins.plugins.gitops.configuration.checks;

import hudson.ExtensionPoint;
import java.util.concurrent.CompletableFuture;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Tests the connection to a forge for the button of its form. The package {@code runtime} implements it. */
@Restricted(NoExternalUse.class)
public interface ForgeProbe extends ExtensionPoint {

    /**
     * Requests the repository of a forge with the configured token. Does not block; the future fails with a {@link
     * io.jenkins.plugins.gitops.common.GitOpsException} when the forge cannot be reached or refuses.
     */
    CompletableFuture<Void> probe(ForgeCheckSource forge);
}
