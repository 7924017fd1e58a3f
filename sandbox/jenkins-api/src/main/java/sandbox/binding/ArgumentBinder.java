package sandbox.binding;

import com.cloudbees.plugins.credentials.SecretBytes;
import com.google.common.primitives.Primitives;
import hudson.model.Describable;
import hudson.util.Secret;
import java.beans.Introspector;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * Creates objects from named arguments by {@code @DataBoundConstructor} and {@code @DataBoundSetter}.
 * Stricter than Jenkins in one point: an unknown name is refused, where Pipeline only warns.
 */
public final class ArgumentBinder {
    private final boolean textual;

    private ArgumentBinder(boolean textual) {
        this.textual = textual;
    }

    /** For arguments of a Pipeline step: a string is not converted to a number. */
    public static ArgumentBinder ofValues() {
        return new ArgumentBinder(false);
    }

    /** For arguments from YAML, where every scalar is read as a string. */
    public static ArgumentBinder ofTexts() {
        return new ArgumentBinder(true);
    }

    /**
     * Creates an object.
     *
     * @param name how error messages call the object
     */
    public <T> T bind(String name, Class<T> type, Map<?, ?> arguments) {
        Constructor<T> constructor = constructor(type);
        Parameter[] parameters = constructor.getParameters();
        Map<String, Method> setters = setters(type, true);
        Set<String> known = new TreeSet<>(setters.keySet());
        Arrays.stream(parameters).map(Parameter::getName).forEach(known::add);
        refuseUnknown(name, arguments, known);
        Object[] values = new Object[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            String field = parameters[i].getName();
            values[i] = arguments.get(field) == null
                    ? defaultValue(parameters[i].getType())
                    : coerce(name, arguments, field, parameters[i].getParameterizedType(), arguments.get(field));
        }
        T created = call(arguments, null, () -> constructor.newInstance(values));
        setProperties(name, created, setters, arguments);
        return created;
    }

    /** Sets properties of an existing descriptor, by any of its setters, as Jenkins does. */
    public void configure(String name, Object target, Map<?, ?> arguments) {
        Map<String, Method> setters = setters(target.getClass(), false);
        refuseUnknown(name, arguments, setters.keySet());
        setProperties(name, target, setters, arguments);
    }

    /** The argument that may be passed without its name: the constructor's only parameter. */
    public static Optional<String> onlyParameter(Class<?> type) {
        Parameter[] parameters = constructor(type).getParameters();
        return parameters.length == 1 ? Optional.of(parameters[0].getName()) : Optional.empty();
    }

    /** The types of a class's arguments by name, those of the constructor first. */
    public static Map<String, Class<?>> types(Class<?> type) {
        Map<String, Class<?>> types = new LinkedHashMap<>();
        for (Parameter parameter : constructor(type).getParameters()) {
            types.put(parameter.getName(), parameter.getType());
        }
        setters(type, true).forEach((name, setter) -> types.put(name, setter.getParameterTypes()[0]));
        return types;
    }

    private static void refuseUnknown(String name, Map<?, ?> arguments, Set<String> known) {
        for (Object given : arguments.keySet()) {
            if (!known.contains(String.valueOf(given))) {
                throw new BindingException(
                        name + " has no parameter '" + given + "'"
                                + NearestName.of(String.valueOf(given), known)
                                        .map(near -> "; did you mean " + near + "?")
                                        .orElse("; it knows " + listed(known) + "."),
                        arguments,
                        String.valueOf(given));
            }
        }
    }

    private static String listed(Collection<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    private void setProperties(String name, Object target, Map<String, Method> setters, Map<?, ?> arguments) {
        setters.forEach((field, setter) -> {
            if (arguments.containsKey(field)) {
                Type type = setter.getGenericParameterTypes()[0];
                Object value = coerce(name, arguments, field, type, arguments.get(field));
                call(arguments, field, () -> setter.invoke(target, value));
            }
        });
    }

    private interface Reflective<T> {
        T call() throws ReflectiveOperationException;
    }

    private static <T> T call(Map<?, ?> arguments, String field, Reflective<T> reflective) {
        try {
            return reflective.call();
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            BindingException refused = new BindingException(String.valueOf(cause.getMessage()), arguments, field);
            refused.initCause(cause);
            throw refused;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> Constructor<T> constructor(Class<T> type) {
        return (Constructor<T>) Arrays.stream(type.getConstructors())
                .filter(constructor -> constructor.isAnnotationPresent(DataBoundConstructor.class))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        type.getName() + " has no public constructor with @DataBoundConstructor"));
    }

    private static TreeMap<String, Method> setters(Class<?> type, boolean dataBoundOnly) {
        TreeMap<String, Method> setters = new TreeMap<>();
        for (Method method : type.getMethods()) {
            boolean setter = method.getName().matches("set[A-Z].*")
                    && method.getParameterCount() == 1
                    && !method.isBridge()
                    && !Modifier.isStatic(method.getModifiers());
            if (setter && (!dataBoundOnly || method.isAnnotationPresent(DataBoundSetter.class))) {
                setters.put(Introspector.decapitalize(method.getName().substring(3)), method);
            }
        }
        return setters;
    }

    private static Object defaultValue(Class<?> type) {
        return type == boolean.class ? Boolean.FALSE : type.isPrimitive() ? Byte.valueOf((byte) 0) : null;
    }

    private Object coerce(String name, Map<?, ?> where, String field, Type type, Object value) {
        Class<?> erased = erasure(type);
        Class<?> wanted = Primitives.wrap(erased);
        if (value == null) {
            return null;
        }
        if (value instanceof Collection<?> many && (Collection.class.isAssignableFrom(erased) || erased.isArray())) {
            return coerceAll(name, where, field, type, many);
        }
        if (wanted.isInstance(value)) {
            return value;
        }
        if (value instanceof CharSequence text) {
            return ofText(name, where, field, wanted, text.toString());
        }
        if (value instanceof Number number && Number.class.isAssignableFrom(wanted)) {
            return ofNumber(name, where, field, wanted, number);
        }
        if (value instanceof Map<?, ?> arguments && Describable.class.isAssignableFrom(erased)) {
            return describable(name, where, field, erased, arguments);
        }
        throw mismatch(name, where, field, erased, value);
    }

    private Object coerceAll(String name, Map<?, ?> where, String field, Type type, Collection<?> many) {
        Class<?> erased = erasure(type);
        Type element = erased.isArray()
                ? erased.getComponentType()
                : type instanceof ParameterizedType generic ? generic.getActualTypeArguments()[0] : Object.class;
        List<Object> all = new ArrayList<>();
        many.forEach(each -> all.add(coerce(name, where, field, element, each)));
        if (erased.isArray()) {
            return all.toArray((Object[]) java.lang.reflect.Array.newInstance(erased.getComponentType(), all.size()));
        }
        return Set.class.isAssignableFrom(erased) ? new LinkedHashSet<>(all) : all;
    }

    private Object ofText(String name, Map<?, ?> where, String field, Class<?> wanted, String text) {
        if (wanted == String.class) {
            return text;
        }
        if (wanted.isEnum()) {
            return Arrays.stream(wanted.getEnumConstants())
                    .filter(constant -> ((Enum<?>) constant).name().equals(text))
                    .findFirst()
                    .orElseThrow(() -> mismatch(name, where, field, wanted, text));
        }
        if (textual && wanted == Secret.class) {
            return Secret.fromString(text);
        }
        if (textual && wanted == SecretBytes.class) {
            return SecretBytes.fromString(text);
        }
        if (textual && wanted == Boolean.class && text.matches("true|false")) {
            return Boolean.valueOf(text);
        }
        if (textual && Number.class.isAssignableFrom(wanted) && text.matches("-?\\d{1,18}")) {
            return ofNumber(name, where, field, wanted, Long.valueOf(text));
        }
        if (textual && Describable.class.isAssignableFrom(wanted)) {
            return ofName(name, where, field, wanted, text);
        }
        throw mismatch(name, where, field, wanted, text);
    }

    /** A scalar is the symbol of an implementation without arguments, or the only constructor argument of a class. */
    private Object ofName(String name, Map<?, ?> where, String field, Class<?> wanted, String word) {
        Class<?> implementation = DescriptorSymbols.describables(wanted).get(word);
        if (implementation != null && implementation != wanted) {
            return bind(word, implementation, Map.of());
        }
        if (!Modifier.isAbstract(wanted.getModifiers()) && constructor(wanted).getParameterCount() == 1) {
            return bind(
                    field, wanted, Map.of(constructor(wanted).getParameters()[0].getName(), word));
        }
        throw mismatch(name, where, field, wanted, word);
    }

    private static Object ofNumber(String name, Map<?, ?> where, String field, Class<?> wanted, Number number) {
        if (wanted == Integer.class && number.longValue() == number.intValue()) {
            return number.intValue();
        }
        if (wanted == Long.class) {
            return number.longValue();
        }
        if (wanted == Double.class) {
            return number.doubleValue();
        }
        throw mismatch(name, where, field, wanted, number);
    }

    private Object describable(String name, Map<?, ?> where, String field, Class<?> type, Map<?, ?> arguments) {
        if (!Modifier.isAbstract(type.getModifiers())) {
            return bind(field, type, arguments);
        }
        TreeMap<String, Class<?>> known = DescriptorSymbols.describables(type);
        if (arguments.size() != 1) {
            throw new BindingException(
                    "Each of '" + field + "' of " + name + " takes exactly one of " + listed(known.keySet()) + ".",
                    arguments,
                    null);
        }
        String symbol = String.valueOf(arguments.keySet().iterator().next());
        Class<?> implementation = known.get(symbol);
        if (implementation == null) {
            throw new BindingException(
                    "'" + field + "' of " + name + " cannot be '" + symbol + "'; it can be " + listed(known.keySet())
                            + ".",
                    arguments,
                    symbol);
        }
        Object inner = arguments.get(symbol);
        if (inner != null && !(inner instanceof Map)) {
            throw mismatch(symbol, arguments, symbol, Map.class, inner);
        }
        return bind(symbol, implementation, inner == null ? new LinkedHashMap<>() : (Map<?, ?>) inner);
    }

    private static BindingException mismatch(String name, Map<?, ?> where, String field, Class<?> type, Object value) {
        String given =
                value instanceof Map ? "fields with names" : value instanceof Collection ? "a list" : "'" + value + "'";
        String message = "Parameter '" + field + "' of " + name + " takes " + described(type) + ", not " + given + ".";
        return new BindingException(message, where, field);
    }

    private static String described(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + listed(Arrays.stream(type.getEnumConstants())
                            .map(String::valueOf)
                            .toList());
        }
        if (Map.class.isAssignableFrom(type)) {
            return "named values";
        }
        if (Collection.class.isAssignableFrom(type) || type.isArray()) {
            return "a list";
        }
        if (Number.class.isAssignableFrom(Primitives.wrap(type))) {
            return "a number";
        }
        if (Primitives.wrap(type) == Boolean.class) {
            return "true or false";
        }
        if (type == String.class || type == Secret.class) {
            return "a text";
        }
        if (Describable.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
            List<String> fields = List.copyOf(types(type).keySet());
            return "fields with names, such as {" + fields.get(0) + ": …}";
        }
        return "one of " + listed(DescriptorSymbols.describables(type).keySet());
    }

    private static Class<?> erasure(Type type) {
        return type instanceof Class<?> plain
                ? plain
                : type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : Object.class;
    }
}
