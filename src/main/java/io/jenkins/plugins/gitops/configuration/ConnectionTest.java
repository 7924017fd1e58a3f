package io.jenkins.plugins.gitops.configuration;

import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.common.GitOpsException;
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

/**
 * What all buttons that test a connection share. Administrators test what the form says; others who may configure test
 * what is saved, since a form that connects to any address with any credentials would give these away. Whatever goes
 * wrong out there is one sentence in the form, so that it is no way to find out about the network; what it was is in
 * the log.
 */
final class ConnectionTest {

    private static final Logger LOGGER = Logger.getLogger(ConnectionTest.class.getName());
    private static final int SECONDS_TO_ANSWER = 30;

    private ConnectionTest() {}

    /**
     * Waits for the answer of a test, on the thread of the request.
     *
     * @param what is tested, for the log
     * @param reached where the test goes, and with what
     * @param missing a sentence about stored credentials that are not there
     * @param test begins it, or throws an {@link IllegalArgumentException} with what is wrong with the form
     */
    static FormValidation answer(
            String what,
            Stream<PrivilegedSetting> reached,
            Stream<String> missing,
            Supplier<CompletableFuture<FormValidation>> test)
            throws InterruptedException {
        FormAccess.checkConfigure();
        if (!FormAccess.mayReach(reached.toList())) {
            return FormValidation.error(Messages.Probe_OnlySaved());
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
            // What it says may have been said by the other side; a stack trace would only tell where it was read.
            LOGGER.log(Level.INFO, "The test of a connection to {0} failed: {1}", new Object[] {
                what, e.getCause() instanceof GitOpsException known ? known.getMessage() : e.getCause()
            });
            return FormValidation.error(Messages.Probe_Failed());
        } catch (TimeoutException | CancellationException e) {
            answer.cancel(true);
            return FormValidation.error(Messages.Probe_NoAnswer());
        }
    }
}
