package io.jenkins.plugins.gitops.configuration.base;

import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.git.remote.GitTransportException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The common part of all buttons that test a connection. Administrators test the values in the form; others who may
 * configure test only saved values, since a form that connects to any address with any credentials would give these
 * away. To these every failure of the connection is the same sentence in the form, so that the button cannot be used to
 * explore the network; the cause is in the log, and administrators see it. Only a repository that answers, and is of a
 * kind that cannot be used, is named to all.
 */
@Restricted(NoExternalUse.class)
public final class ConnectionTest {

    private static final Logger LOGGER = Logger.getLogger(ConnectionTest.class.getName());
    private static final int SECONDS_TO_ANSWER = 30;

    private ConnectionTest() {}

    /**
     * Runs a test and waits for it, on the thread of the request, for at most 30 seconds.
     *
     * @param what is tested, for the log
     * @param used the privileged settings that the test uses
     * @param missing sentences about stored credentials that do not exist
     * @param test starts the test, or throws an {@link IllegalArgumentException} with what is wrong with the form
     */
    public static FormValidation answer(
            String what,
            Stream<PrivilegedSetting> used,
            Stream<String> missing,
            Supplier<CompletableFuture<FormValidation>> test)
            throws InterruptedException {
        FormAccess.checkConfigure();
        if (FormAccess.firstRefused(used.toList()).isPresent()) {
            return FormValidation.error(Messages.ConnectionTest_OnlySaved());
        }
        Optional<String> lacking = missing.findFirst();
        if (lacking.isPresent()) {
            return FormValidation.error(lacking.get());
        }
        CompletableFuture<FormValidation> answer;
        try {
            answer = test.get();
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
        try {
            return answer.get(SECONDS_TO_ANSWER, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RepoMisconfigured known
                    && known.getCause() instanceof GitTransportException trouble
                    && trouble.isUnsupported()) {
                return FormValidation.error(known.getMessage());
            }
            // The message may come from the other side; a stack trace would only tell where it was read.
            LOGGER.log(Level.INFO, "The test of a connection to {0} failed: {1}", new Object[] {
                what, e.getCause() instanceof GitOpsException known ? known.getMessage() : e.getCause()
            });
            return FormValidation.error(
                    e.getCause() instanceof GitOpsException known && FormAccess.mayAdminister()
                            ? Messages.ConnectionTest_FailedBecause(known.getMessage())
                            : Messages.ConnectionTest_Failed());
        } catch (TimeoutException | CancellationException e) {
            answer.cancel(true);
            return FormValidation.error(Messages.ConnectionTest_NoAnswer());
        }
    }
}
