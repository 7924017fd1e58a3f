package io.jenkins.plugins.gitops.signing;

import io.jenkins.plugins.gitops.common.SingleLine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPObjectFactory;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.util.RawParseUtils;

/**
 * Those whose commits count, by their public keys. A key counts because it is listed, whatever it says of its expiry:
 * who takes a key out of the list takes it out of use.
 *
 * <p>Used by one thread at a time.
 */
public final class TrustedSigners {

    private static final String BEGIN_PGP = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

    private static final String WANTED = "Give a line such as \"ssh-ed25519 AAAA…\" (Ed25519, ECDSA, or RSA from "
            + SshSignature.LEAST_RSA_BITS + " bits on), or a whole OpenPGP key as gpg --armor --export writes it.";

    /** Hashes of OpenPGP of which no two contents with the same can be made. */
    private static final Set<Integer> STRONG_HASHES = Set.of(
            HashAlgorithmTags.SHA224,
            HashAlgorithmTags.SHA256,
            HashAlgorithmTags.SHA384,
            HashAlgorithmTags.SHA512,
            HashAlgorithmTags.SHA3_256,
            HashAlgorithmTags.SHA3_512);

    /** Longer than any signature of one key. */
    private static final int LONGEST_SIGNATURE = 64 << 10;

    /** The number of commits that are remembered. */
    private static final int REMEMBERED = 4096;

    private static final byte[] SIGNATURE_HEADER = "gpgsig".getBytes(StandardCharsets.US_ASCII);

    /** The ssh keys, by the base64 form of their encoding. */
    private final Map<String, PublicKey> ssh = new HashMap<>();

    private final Map<Long, PGPPublicKey> openPgp = new HashMap<>();
    private final List<String> keys;
    private final CommitSigner own;
    private final Map<ObjectId, Optional<String>> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectId, Optional<String>> eldest) {
            return size() > REMEMBERED;
        }
    };

    private Optional<String> ownKey = Optional.empty();
    private Optional<TrustedSigners> ownOnly = Optional.empty();

    /**
     * Reads public keys.
     *
     * @param keys each a line of ssh such as {@code ssh-ed25519 AAAA…}, or an armored OpenPGP key; empty if everybody's
     *     commits count
     * @param own the signer of this process, whose commits count, too
     * @throws IllegalArgumentException with a sentence if one is no such key
     */
    public TrustedSigners(List<String> keys, CommitSigner own) {
        this.keys = List.copyOf(keys);
        this.own = own;
        for (String key : keys) {
            if (key.strip().startsWith(BEGIN_PGP)) {
                openPgp.putAll(openPgp(key));
            } else {
                PublicKeyEntry entry = entry(key);
                ssh.put(base64(entry.getKeyData()), resolved(entry, key));
            }
        }
    }

    /** Trusts everybody. */
    public static TrustedSigners everybody() {
        return new TrustedSigners(List.of(), CommitSigner.NONE);
    }

    private static PublicKeyEntry entry(String line) {
        try {
            PublicKeyEntry entry = PublicKeyEntry.parsePublicKeyEntry(line.strip());
            if (entry != null && SshSignature.canSign(entry.getKeyType())) {
                return entry;
            }
        } catch (RuntimeException e) {
            throw noKey(line);
        }
        throw noKey(line);
    }

    private static PublicKey resolved(PublicKeyEntry entry, String line) {
        try {
            PublicKey key = entry.resolvePublicKey(null, Map.of(), null);
            if (key != null && SshSignature.isStrong(key)) {
                return key;
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw noKey(line);
        }
        throw noKey(line);
    }

    private static Map<Long, PGPPublicKey> openPgp(String armored) {
        Map<Long, PGPPublicKey> keys;
        try {
            keys = OpenPgpPublicKeys.read(armored);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + SingleLine.excerpt(armored.strip())
                    + "\" is not a public key that can be used: it " + e.getMessage() + ". " + WANTED);
        } catch (RuntimeException e) {
            throw noKey(armored);
        }
        if (keys.isEmpty()) {
            throw noKey(armored);
        }
        return keys;
    }

    private static IllegalArgumentException noKey(String text) {
        return new IllegalArgumentException(
                "\"" + SingleLine.excerpt(text.strip()) + "\" is not a public key that can be used. " + WANTED);
    }

    /** Whether commits count whoever made them. */
    public boolean trustsEverybody() {
        return keys.isEmpty();
    }

    /**
     * Says why a commit does not count, in a clause that names it and who says that he made it.
     *
     * @return empty if the commit counts
     */
    public Optional<String> refusal(Repository git, ObjectId commit) throws IOException {
        try (ObjectReader reader = git.newObjectReader()) {
            return refusal(reader, commit);
        }
    }

    /** As {@link #refusal(Repository, ObjectId)}, with a reader that also finds what is not flushed yet. */
    public Optional<String> refusal(ObjectReader reader, ObjectId commit) throws IOException {
        if (trustsEverybody()) {
            return Optional.empty();
        }
        renewOwn();
        Optional<String> answer = known.get(commit);
        if (answer == null) {
            byte[] raw = reader.open(commit, Constants.OBJ_COMMIT).getCachedBytes();
            answer = problem(raw).map(problem -> named(commit, raw) + " " + problem);
            known.put(commit.copy(), answer);
        }
        return answer;
    }

    /** Reads the key of this process again if it was changed. */
    private void renewOwn() {
        Optional<String> present = own.publicKey();
        if (!present.equals(ownKey)) {
            ownOnly = present.map(key -> new TrustedSigners(List.of(key), CommitSigner.NONE));
            ownKey = present;
            known.clear();
        }
    }

    private static String named(ObjectId commit, byte[] raw) {
        PersonIdent committer = RevCommit.parse(raw).getCommitterIdent();
        String by = committer == null ? "nobody" : committer.getName() + " <" + committer.getEmailAddress() + ">";
        return "commit " + commit.name() + " by " + SingleLine.excerpt(by);
    }

    private Optional<String> problem(byte[] raw) {
        int end = RawParseUtils.commitMessage(raw, 0);
        int start = RawParseUtils.headerStart(SIGNATURE_HEADER, raw, 0);
        if (start < 0 || end >= 0 && start > end) {
            return Optional.of("is not signed");
        }
        int next = RawParseUtils.headerEnd(raw, start) + 1;
        int committer = RawParseUtils.committer(raw, 0);
        if (committer < 0 || committer > start) {
            // Where it stands between others, git would read less of the header than was signed.
            return Optional.of("has a signature before its committer, where git writes none");
        }
        if (next - start > LONGEST_SIGNATURE) {
            return Optional.of("has a signature that is too long");
        }
        String signature = new String(raw, start, next - start, StandardCharsets.ISO_8859_1).replace("\n ", "\n");
        var content = new ByteArrayOutputStream();
        content.write(raw, 0, start - SIGNATURE_HEADER.length - 1);
        content.write(raw, next, raw.length - next);
        return problem(signature, content.toByteArray());
    }

    /** Why a signature does not make content count, in a clause that begins with a verb; empty if it does. */
    Optional<String> problem(String signature, byte[] content) {
        Optional<String> problem = signature.strip().startsWith(SshSignature.BEGIN)
                ? ofSsh(signature, content)
                : ofOpenPgp(signature, content);
        return problem.isPresent() && ownOnly.isPresent()
                ? ownOnly.get().problem(signature, content).isEmpty() ? Optional.empty() : problem
                : problem;
    }

    private Optional<String> ofSsh(String text, byte[] content) {
        SshSignature signature;
        try {
            signature = SshSignature.parse(text);
        } catch (IllegalArgumentException e) {
            return Optional.of("has a signature that cannot be read");
        }
        PublicKey key = ssh.get(base64(signature.publicKey()));
        if (key == null) {
            return Optional.of("is signed with the key " + SshSignature.fingerprint(signature.publicKey())
                    + ", which is not among trustedSigners");
        }
        return signature.isOf(content, key) ? Optional.empty() : unfit();
    }

    private Optional<String> ofOpenPgp(String text, byte[] content) {
        var armored = new ByteArrayInputStream(text.strip().getBytes(StandardCharsets.ISO_8859_1));
        try (InputStream in = PGPUtil.getDecoderStream(armored)) {
            Object first = new PGPObjectFactory(in, new BcKeyFingerprintCalculator()).nextObject();
            if (!(first instanceof PGPSignatureList signatures) || signatures.size() != 1) {
                return Optional.of("has a signature that cannot be read");
            }
            PGPSignature signature = signatures.get(0);
            PGPPublicKey key = openPgp.get(signature.getKeyID());
            if (key == null) {
                return Optional.of("is signed with the key "
                        + Long.toHexString(signature.getKeyID()).toUpperCase(Locale.ROOT)
                        + ", which is not among trustedSigners");
            }
            if (signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT) {
                return unfit();
            }
            if (!STRONG_HASHES.contains(signature.getHashAlgorithm())) {
                return Optional.of("has a signature over a hash that others can imitate, such as SHA-1");
            }
            signature.init(new BcPGPContentVerifierBuilderProvider(), key);
            signature.update(content);
            return signature.verify() ? Optional.empty() : unfit();
        } catch (IOException | PGPException | RuntimeException e) {
            return Optional.of("has a signature that cannot be read");
        }
    }

    private static Optional<String> unfit() {
        return Optional.of("has a signature that does not fit its content");
    }

    private static String base64(byte[] encoded) {
        return Base64.getEncoder().encodeToString(encoded);
    }
}
