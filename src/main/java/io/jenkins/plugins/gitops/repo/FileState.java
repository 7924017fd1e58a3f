package io.jenkins.plugins.gitops.repo;

import java.io.Serializable;

/**
 * A file as git would record it, without its content.
 *
 * @param id the id of the blob it would be, 40 hexadecimal digits; for a link, of its target
 * @param size in bytes
 */
public record FileState(Kind kind, String id, long size) implements Serializable {

    /** What kinds of files git knows. */
    public enum Kind {
        REGULAR,
        EXECUTABLE,
        LINK
    }

    /** Whether git would see no difference. */
    public boolean sameAs(FileState other) {
        return kind == other.kind && id.equals(other.id);
    }
}
