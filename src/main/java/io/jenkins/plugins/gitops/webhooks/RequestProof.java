package io.jenkins.plugins.gitops.webhooks;

import java.util.Optional;
import java.util.function.Predicate;
import javax.crypto.Mac;

/** A proof, from the headers of a request, that its sender knows a secret. It is verified while the body is read. */
final class RequestProof {

    /** The parts of a request that a proof covers. */
    enum Kind {
        /** The secret itself. */
        SECRET,
        /** A signature of the whole request, {@link RequestSignature}. */
        REQUEST_SIGNATURE,
        /** A signature of the body, and nothing else of the request. */
        BODY_SIGNATURE
    }

    private final Kind kind;
    private final Optional<Mac> mac;
    private final Predicate<byte[]> expected;

    private RequestProof(Kind kind, Optional<Mac> mac, Predicate<byte[]> expected) {
        this.kind = kind;
        this.mac = mac;
        this.expected = expected;
    }

    /** Creates the proof by the secret itself, whose validity is known before the body is read. */
    static RequestProof ofSecret(boolean valid) {
        return new RequestProof(Kind.SECRET, Optional.empty(), none -> valid);
    }

    /**
     * Creates the proof by a signature.
     *
     * @param mac receives the body in pieces; it has already received the signed text before the body
     * @param expected whether the result of the mac equals the signature that was sent; compares in constant time
     */
    static RequestProof ofSignature(Kind kind, Mac mac, Predicate<byte[]> expected) {
        return new RequestProof(kind, Optional.of(mac), expected);
    }

    Kind kind() {
        return kind;
    }

    /** Whether the proof is wrong for every body. */
    boolean isWrongWithoutBody() {
        return mac.isEmpty() && !expected.test(new byte[0]);
    }

    /** Takes the next piece of the body. */
    void update(byte[] buffer, int length) {
        mac.ifPresent(its -> its.update(buffer, 0, length));
    }

    /** Whether the proof is valid. Called once, after the last piece. */
    boolean verify() {
        return expected.test(mac.map(Mac::doFinal).orElseGet(() -> new byte[0]));
    }
}
