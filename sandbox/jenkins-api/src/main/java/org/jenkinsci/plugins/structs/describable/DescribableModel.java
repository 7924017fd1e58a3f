package org.jenkinsci.plugins.structs.describable;

import java.io.Serializable;
import java.util.Collection;
import sandbox.binding.ArgumentBinder;

/** Implemented: lists what a class binds from named arguments. */
public final class DescribableModel<T> implements Serializable {
    private final Class<T> type;

    public DescribableModel(Class<T> clazz) {
        this.type = clazz;
    }

    public Collection<DescribableParameter> getParameters() {
        return ArgumentBinder.types(type).entrySet().stream()
                .map(each -> new DescribableParameter(each.getKey(), each.getValue()))
                .toList();
    }
}
