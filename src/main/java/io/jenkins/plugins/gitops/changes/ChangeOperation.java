package io.jenkins.plugins.gitops.changes;

import java.util.Locale;
import java.util.Optional;

/** The operation of a change on the image set of its wave, which is executed again when the change is replayed. */
public enum ChangeOperation {
    /** Sets the images of the services of the change; other services stay. */
    ANNOUNCE,
    /** Replaces the set by that of the change; services that the change does not have are removed. */
    REPLACE,
    /** Replaces the set by the one that the previous wave ran. */
    PROMOTE,
    /** Replaces the set by an earlier one of the same wave. */
    ROLLBACK;

    /** Parses the value of the trailer {@code Autocommit-Operation}; empty for an unknown one. */
    static Optional<ChangeOperation> of(String word) {
        for (ChangeOperation operation : values()) {
            if (operation.toString().equals(word)) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    /** Whether the operation replaces the whole set. */
    public boolean setsAll() {
        return this != ANNOUNCE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
