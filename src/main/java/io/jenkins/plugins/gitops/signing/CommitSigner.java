package io.jenkins.plugins.gitops.signing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.GpgSignature;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;

/** Writes commits, signed with the key of the repository if it has one. */
public interface CommitSigner {

    /** Signs nothing. */
    CommitSigner NONE = new CommitSigner() {
        @Override
        public Optional<String> sign(byte[] content, Instant at) {
            return Optional.empty();
        }

        @Override
        public Optional<String> publicKey() {
            return Optional.empty();
        }
    };

    /**
     * Signs the content of a commit.
     *
     * @param at the time that the signature names, if its format has one
     * @return the signature in its text form; empty if commits are not signed
     */
    Optional<String> sign(byte[] content, Instant at);

    /** The public part of the key, as {@link TrustedSigners} reads it; empty if commits are not signed. */
    Optional<String> publicKey();

    /** When the key stops to be valid; empty if it does not say. */
    default Optional<Instant> validUntil() {
        return Optional.empty();
    }

    /** The bytes of a commit, with its signature. */
    default byte[] build(CommitBuilder commit) throws IOException {
        byte[] unsigned = commit.build();
        Optional<String> signature = sign(unsigned, commit.getCommitter().getWhenAsInstant());
        if (signature.isEmpty()) {
            return unsigned;
        }
        commit.setGpgSignature(new GpgSignature(signature.get().getBytes(StandardCharsets.US_ASCII)));
        return commit.build();
    }

    /** Inserts a commit, with its signature. */
    default ObjectId insert(ObjectInserter inserter, CommitBuilder commit) throws IOException {
        return inserter.insert(Constants.OBJ_COMMIT, build(commit));
    }
}
