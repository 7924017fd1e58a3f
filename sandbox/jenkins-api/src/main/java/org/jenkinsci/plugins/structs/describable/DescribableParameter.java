package org.jenkinsci.plugins.structs.describable;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Living: its name and its type. */
public final class DescribableParameter {
    private final String name;
    private final Class<?> type;

    DescribableParameter(String name, Class<?> type) {
        this.name = name;
        this.type = type;
    }

    @NonNull
    public String getName() {
        return name;
    }

    public Class getErasedType() {
        return type;
    }
}
