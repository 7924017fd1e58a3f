package jenkins.scm.api;

import java.io.Serializable;

public abstract class SCMRevision implements Serializable {
    protected SCMRevision(SCMHead head) {}

    @Override
    public abstract boolean equals(Object obj);

    @Override
    public abstract int hashCode();

    @Override
    public String toString() {
        return super.toString();
    }
}
