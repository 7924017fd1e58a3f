package sandbox.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The ApplicationSet of the example, and the applications that Argo CD makes of it. */
final class ExampleApplicationSet {

    private final Map<?, ?> document;

    ExampleApplicationSet(Map<?, ?> document) {
        this.document = document;
    }

    /** Reads the first ApplicationSet of a file. */
    static ExampleApplicationSet read(Path file) throws IOException {
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Files.readString(file))) {
            if (document instanceof Map<?, ?> map && "ApplicationSet".equals(map.get("kind"))) {
                return new ExampleApplicationSet(map);
            }
        }
        throw new UnexpectedState("The example's " + file + " has no ApplicationSet.");
    }

    Map<?, ?> document() {
        return document;
    }

    Map<?, ?> template() {
        return map(map(document, "spec"), "template");
    }

    /**
     * The parameters of each application: each element of the first list of the matrix combined with each of the
     * second, as Argo CD does.
     */
    List<Map<String, String>> parameters() {
        Map<?, ?> generator =
                (Map<?, ?>) list(map(document, "spec"), "generators").get(0);
        List<Map<String, String>> combined = List.of(Map.of());
        for (Object each : list(map(generator, "matrix"), "generators")) {
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> begun : combined) {
                for (Object element : list(map((Map<?, ?>) each, "list"), "elements")) {
                    Map<String, String> parameters = new TreeMap<>(begun);
                    ((Map<?, ?>) element).forEach((name, value) -> parameters.put(name.toString(), value.toString()));
                    longer.add(parameters);
                }
            }
            combined = longer;
        }
        return combined;
    }

    /** The name of the application with these parameters. */
    String name(Map<String, String> parameters) {
        return text(map(template(), "metadata"), "name", parameters);
    }

    /** The names of all applications. */
    List<String> names() {
        return parameters().stream().map(this::name).toList();
    }

    static Map<?, ?> map(Map<?, ?> from, String key) {
        if (from.get(key) instanceof Map<?, ?> map) {
            return map;
        }
        throw new UnexpectedState("The example's ApplicationSet has no " + key + " where one is expected.");
    }

    private static List<?> list(Map<?, ?> from, String key) {
        if (from.get(key) instanceof List<?> list) {
            return list;
        }
        throw new UnexpectedState("The example's ApplicationSet has no list of " + key + " where one is expected.");
    }

    static String text(Map<?, ?> from, String key, Map<String, String> parameters) {
        String text = String.valueOf(from.get(key));
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            text = text.replace("{{." + parameter.getKey() + "}}", parameter.getValue());
        }
        return text;
    }
}
