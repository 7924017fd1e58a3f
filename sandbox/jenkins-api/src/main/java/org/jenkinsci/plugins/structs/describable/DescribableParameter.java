package org.jenkinsci.plugins.structs.describable;

/** Implemented: a parameter's name and type. */
public final class DescribableParameter {
    private final String name;
    private final Class<?> type;

    DescribableParameter(String name, Class<?> type) {
        this.name = name;
        this.type = type;
    }

    public String getName() {
        return name;
    }

    public Class getErasedType() {
        return type;
    }
}
