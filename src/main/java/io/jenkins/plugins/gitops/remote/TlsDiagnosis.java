package io.jenkins.plugins.gitops.remote;

import javax.net.ssl.SSLException;

/** Finds causes of failed TLS handshakes other than certificates. */
public final class TlsDiagnosis {

    /** The beginning of an explanation, if {@link #isPlainAnswer}. */
    public static final String PLAIN_ANSWER = "it speaks plain http at this port, not https; or ";

    private TlsDiagnosis() {}

    /** Whether the server answered with data that is not TLS, as a server for plain HTTP does. */
    public static boolean isPlainAnswer(Throwable failure) {
        return failure instanceof SSLException
                && String.valueOf(failure.getMessage()).contains("Unsupported or unrecognized SSL message");
    }
}
