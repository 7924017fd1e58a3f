package sandbox.binding;

import hudson.ExtensionList;
import hudson.model.Descriptor;
import java.beans.Introspector;
import java.util.List;
import java.util.TreeMap;
import org.jenkinsci.Symbol;

/** The names that descriptors and the classes they describe go by. */
public final class Symbols {
    private Symbols() {}

    /** The names of a descriptor; by the class it describes where it has no {@code @Symbol}. */
    public static List<String> of(Descriptor<?> descriptor) {
        Symbol symbol = descriptor.getClass().getAnnotation(Symbol.class);
        return symbol == null
                ? List.of(Introspector.decapitalize(descriptor.clazz.getSimpleName()))
                : List.of(symbol.value());
    }

    /** The describable classes of a type by their names. */
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
