package jenkins.scm.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;

public abstract class SCMRevision implements Serializable {
    private static final long serialVersionUID = 1L;

    protected SCMRevision(@NonNull SCMHead head) {}

    @Override
    public abstract boolean equals(Object obj);

    @Override
    public abstract int hashCode();

    @Override
    public String toString() {
        return super.toString();
    }
}
