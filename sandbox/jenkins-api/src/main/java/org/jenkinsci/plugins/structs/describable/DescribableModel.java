package org.jenkinsci.plugins.structs.describable;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.TaskListener;
import java.io.Serializable;
import java.util.Collection;
import java.util.Map;
import sandbox.binding.Binder;

/** Living: makes an object from named arguments. */
public final class DescribableModel<T> implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Class<T> type;

    public DescribableModel(Class<T> clazz) {
        this.type = clazz;
    }

    public Class<T> getType() {
        return type;
    }

    public Collection<DescribableParameter> getParameters() {
        return Binder.types(type).entrySet().stream()
                .map(each -> new DescribableParameter(each.getKey(), each.getValue()))
                .toList();
    }

    public T instantiate(Map<String, ?> arguments) throws IllegalArgumentException {
        return instantiate(arguments, null);
    }

    public T instantiate(Map<String, ?> arguments, @CheckForNull TaskListener listener) throws IllegalArgumentException {
        return Binder.ofValues().bind(type.getSimpleName(), type, arguments);
    }
}
