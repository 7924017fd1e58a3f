package sandbox.binding;

import hudson.ExtensionList;
import hudson.model.Descriptor;
import java.beans.Introspector;
import java.util.List;
import java.util.TreeMap;
import org.jenkinsci.Symbol;

/** DescriptorSymbols of descriptors, as Pipeline and Configuration as Code use them. */
public final class DescriptorSymbols {
    private DescriptorSymbols() {}

    /** The values of {@code @Symbol}; without one, the decapitalised name of the described class. */
    public static List<String> of(Descriptor<?> descriptor) {
        Symbol symbol = descriptor.getClass().getAnnotation(Symbol.class);
        return symbol == null
                ? List.of(Introspector.decapitalize(descriptor.clazz.getSimpleName()))
                : List.of(symbol.value());
    }

    /** The describable classes of a type, by symbol. */
    public static TreeMap<String, Class<?>> describables(Class<?> type) {
        TreeMap<String, Class<?>> found = new TreeMap<>();
        for (Descriptor<?> descriptor : ExtensionList.lookup(Descriptor.class)) {
            if (type.isAssignableFrom(descriptor.clazz)) {
                of(descriptor).forEach(name -> found.put(name, descriptor.clazz));
            }
        }
        return found;
    }
}
