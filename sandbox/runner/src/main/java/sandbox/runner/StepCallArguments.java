package sandbox.runner;

import groovy.lang.Closure;
import groovy.lang.GString;
import hudson.AbortException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The arguments of a call of a step: {@code sh 'x'}, {@code sh(script: 'x')}, {@code dir('x') { }}.
 *
 * @param positional the only unnamed value; null if there is none
 */
record StepCallArguments(String step, Map<String, Object> named, Object positional, Closure<?> body) {

    static StepCallArguments of(String step, Object... given) throws AbortException {
        List<Object> values = new ArrayList<>(Arrays.asList(given));
        Closure<?> body = null;
        if (!values.isEmpty() && values.get(values.size() - 1) instanceof Closure<?> last) {
            body = last;
            values.remove(values.size() - 1);
        }
        LinkedHashMap<String, Object> named = new LinkedHashMap<>();
        if (!values.isEmpty() && values.get(0) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> named.put(String.valueOf(name), plain(value)));
            values.remove(0);
        }
        if (values.size() > 1) {
            throw new AbortException("Step " + step + " takes named parameters, such as " + step + "(name: value).");
        }
        return new StepCallArguments(step, named, values.isEmpty() ? null : plain(values.get(0)), body);
    }

    private static Object plain(Object value) {
        return value instanceof GString text ? text.toString() : value;
    }

    /** The arguments by name, including the unnamed one. */
    Map<String, Object> byName(String nameOfPositional) throws AbortException {
        if (positional == null) {
            return named;
        }
        if (nameOfPositional == null) {
            throw new AbortException("Step " + step + " takes named parameters, such as " + step + "(name: value).");
        }
        LinkedHashMap<String, Object> all = new LinkedHashMap<>(named);
        all.put(nameOfPositional, positional);
        return all;
    }
}
