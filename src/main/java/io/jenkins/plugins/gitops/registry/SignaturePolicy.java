package io.jenkins.plugins.gitops.registry;

import java.util.List;

/**
 * The waves that take signed images only, and the keys whose signatures count.
 *
 * @param publicKeys keys in the PEM format, each of which may have signed
 * @param require the names of the waves
 */
public record SignaturePolicy(List<String> publicKeys, List<String> require) {

    /** No wave wants signatures. */
    public static final SignaturePolicy NONE = new SignaturePolicy(List.of(), List.of());

    /**
     * Checks the policy.
     *
     * @throws IllegalArgumentException with a sentence if a key cannot be used, or something is missing
     */
    public SignaturePolicy {
        publicKeys = List.copyOf(publicKeys);
        require = List.copyOf(require);
        publicKeys.forEach(CosignKey::parse);
        if (publicKeys.isEmpty() != require.isEmpty()) {
            throw new IllegalArgumentException(
                    publicKeys.isEmpty()
                            ? "publicKeys is empty, so no image could be signed: give the text of a cosign.pub."
                            : "require is empty, so no wave would want signatures: name those that do.");
        }
    }

    /** Whether a wave takes signed images only. */
    public boolean requires(String wave) {
        return require.contains(wave);
    }

    List<CosignKey> keys() {
        return publicKeys.stream().map(CosignKey::parse).toList();
    }
}
