package io.jenkins.plugins.gitops.changes;

import java.util.Locale;
import java.util.Optional;

/** What a change does to the image set of its wave; it is what is executed again when the change is replayed. */
public enum ChangeOperation {
    /** The change's services take its values, the others stay. */
    ANNOUNCE,
    /** The set becomes the change's set; services it leaves out are removed. */
    REPLACE,
    /** The set becomes the one that another wave ran. */
    PROMOTE,
    /** The set becomes an earlier one of the same wave. */
    ROLLBACK;

    /** Reads the value of the trailer {@code Autocommit-Operation}. */
    static Optional<ChangeOperation> of(String word) {
        for (ChangeOperation operation : values()) {
            if (operation.toString().equals(word)) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    /** Whether the whole set is set, rather than some of its services. */
    public boolean setsAll() {
        return this != ANNOUNCE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
