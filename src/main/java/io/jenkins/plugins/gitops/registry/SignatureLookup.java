package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.images.ImageRef;
import java.util.Optional;

/** Says which images are signed, as far as that is known. No method blocks. */
@FunctionalInterface
public interface SignatureLookup {

    /** The lookup where no wave wants signatures. */
    SignatureLookup NONE = image -> Optional.empty();

    /** Whether an image is signed; empty while its registry is asked, which a call begins where that is due. */
    Optional<ImageSignature> of(ImageRef image);
}
