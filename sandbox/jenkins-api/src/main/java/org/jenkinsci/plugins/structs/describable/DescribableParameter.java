package org.jenkinsci.plugins.structs.describable;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Living: its name. */
public final class DescribableParameter {
    private final String name;

    DescribableParameter(String name) {
        this.name = name;
    }

    @NonNull
    public String getName() {
        return name;
    }
}
