package sandbox.casc;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jenkins.model.GlobalConfiguration;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import sandbox.binding.ArgumentBinder;
import sandbox.binding.BindingException;
import sandbox.binding.DescriptorSymbols;
import sandbox.binding.NearestName;

/** Reads the two roots {@code credentials} and {@code unclassified} of a Configuration-as-Code file. */
public final class CascReader {
    private static final Set<String> SECRETS = Set.of("password", "secret");

    /** A word of an error message; it may be the name of a field. */
    private static final Pattern WORD = Pattern.compile("[\\w-][\\w.-]*[\\w-]|\\w");

    private final VariableSubstitution variables;
    private final Set<String> secretVariables = new TreeSet<>();
    private final Map<Map<?, ?>, Map<String, Integer>> lines = new IdentityHashMap<>();

    public CascReader(Map<String, String> environment) {
        this.variables = new VariableSubstitution(environment);
    }

    /**
     * Configures the open home.
     *
     * @return the names of the environment variables from which secrets were read
     */
    public Set<String> apply(String yaml) {
        Node document = parse(yaml);
        Map<?, ?> root = map(document == null ? Map.of() : value(document), "The file", null, null);
        refuseUnknown(root, "The file", Set.of("credentials", "unclassified"));
        Object credentials = root.get("credentials");
        if (credentials != null) {
            readCredentials(map(credentials, "credentials", root, "credentials"));
        }
        Object unclassified = root.get("unclassified");
        if (unclassified != null) {
            readUnclassified(map(unclassified, "unclassified", root, "unclassified"));
        }
        return secretVariables;
    }

    private Node parse(String text) {
        try {
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            return new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new CascException(line, "the file is not valid YAML: " + e.getProblem() + ".");
        }
    }

    private Object value(Node node) {
        int line = node.getStartMark().getLine() + 1;
        if (node instanceof ScalarNode scalar) {
            return scalar.getTag() == Tag.NULL ? null : variables.expand(scalar.getValue(), line);
        }
        if (node instanceof SequenceNode sequence) {
            List<Object> values = new ArrayList<>();
            sequence.getValue().forEach(each -> values.add(value(each)));
            return values;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, Integer> fieldLines = new LinkedHashMap<>();
        for (NodeTuple tuple : ((MappingNode) node).getValue()) {
            int fieldLine = tuple.getKeyNode().getStartMark().getLine() + 1;
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : null;
            if (key == null || values.containsKey(key)) {
                throw new CascException(
                        fieldLine,
                        key == null
                                ? "the name of a field must be a text; put it in quotes."
                                : "'" + key + "' is there twice; take one of them out.");
            }
            fieldLines.put(key, fieldLine);
            values.put(key, joined(key, value(tuple.getValueNode())));
            if (SECRETS.contains(key) && tuple.getValueNode() instanceof ScalarNode scalar) {
                secretVariables.addAll(VariableSubstitution.names(scalar.getValue()));
            }
        }
        fieldLines.put(null, line);
        lines.put(values, fieldLines);
        return values;
    }

    /** A list of waves to promote from is one text in the form; on a controller WaveConfigurator joins it. */
    private static Object joined(String key, Object value) {
        return key.equals("promotesFrom")
                        && value instanceof List<?> names
                        && names.stream().allMatch(String.class::isInstance)
                ? names.stream().map(String.class::cast).collect(Collectors.joining(", "))
                : value;
    }

    private int line(Map<?, ?> where, String field) {
        Map<String, Integer> known = lines.get(where);
        return known == null ? 0 : known.getOrDefault(field, known.get(null));
    }

    private void readCredentials(Map<?, ?> credentials) {
        refuseUnknown(credentials, "credentials", Set.of("system"));
        Map<?, ?> system = map(credentials.get("system"), "system", credentials, "system");
        refuseUnknown(system, "system", Set.of("domainCredentials"));
        for (Object each : list(system, "domainCredentials")) {
            Map<?, ?> domain = map(each, "an entry of domainCredentials", system, "domainCredentials");
            refuseUnknown(domain, "domainCredentials", Set.of("credentials"));
            for (Object entry : list(domain, "credentials")) {
                readCredential(map(entry, "an entry of credentials", domain, "credentials"));
            }
        }
    }

    private void readCredential(Map<?, ?> entry) {
        TreeMap<String, Class<?>> known = DescriptorSymbols.describables(Credentials.class);
        refuseUnknown(entry, "credentials", known.keySet());
        entry.forEach((kind, arguments) -> {
            Map<?, ?> named = map(arguments, kind.toString(), entry, kind.toString());
            Object made =
                    bound(() -> ArgumentBinder.ofTexts().bind(kind.toString(), known.get(kind.toString()), named));
            SystemCredentialsProvider.getInstance().getCredentials().add((Credentials) made);
        });
    }

    private void readUnclassified(Map<?, ?> unclassified) {
        TreeMap<String, GlobalConfiguration> known = new TreeMap<>();
        GlobalConfiguration.all()
                .forEach(configuration ->
                        DescriptorSymbols.of(configuration).forEach(name -> known.put(name, configuration)));
        refuseUnknown(unclassified, "unclassified", known.keySet());
        unclassified.forEach((name, arguments) -> {
            GlobalConfiguration configuration = known.get(name.toString());
            Map<?, ?> named = map(arguments, name.toString(), unclassified, name.toString());
            bound(() -> {
                ArgumentBinder.ofTexts().configure(name.toString(), configuration, named);
                return null;
            });
            configuration.save();
        });
    }

    private interface Bound {
        Object made();
    }

    private Object bound(Bound bound) {
        try {
            return bound.made();
        } catch (BindingException e) {
            throw new CascException(mistakenLine(e), e.getMessage());
        }
    }

    /**
     * The line of the innermost field that the error message names; without one, the line of the field that was being
     * bound.
     */
    private int mistakenLine(BindingException e) {
        int line = line(e.where(), e.field());
        Object at = e.field() == null ? null : e.where().get(e.field());
        Matcher words = WORD.matcher(e.getMessage());
        while (words.find() && at != null) {
            String word = words.group();
            if (at instanceof Map<?, ?> fields && fields.get(word) != null) {
                line = line(fields, word);
                at = fields.get(word);
            } else if (at instanceof Collection<?> entries) {
                Map<?, ?> named = entry(entries, word);
                if (named != null) {
                    line = line(named, null);
                    at = named;
                    // A message may name the field of an entry before the entry.
                    words.reset();
                }
            }
        }
        return line;
    }

    private static Map<?, ?> entry(Collection<?> entries, String name) {
        for (Object entry : entries) {
            if (entry instanceof Map<?, ?> fields && name.equals(fields.get("name"))) {
                return fields;
            }
        }
        return null;
    }

    private void refuseUnknown(Map<?, ?> given, String name, Set<String> known) {
        for (Object key : given.keySet()) {
            if (!known.contains(key.toString())) {
                throw new CascException(
                        line(given, key.toString()),
                        name + " has no '" + key + "'"
                                + NearestName.of(key.toString(), known)
                                        .map(near -> "; did you mean " + near + "?")
                                        .orElse("; the sandbox knows " + String.join(", ", new TreeSet<>(known))
                                                + " there."));
            }
        }
    }

    private Map<?, ?> map(Object value, String name, Map<?, ?> where, String field) {
        if (value instanceof Map<?, ?> found) {
            return found;
        }
        throw new CascException(
                where == null ? 0 : line(where, field),
                name + " must have fields with names, written as 'name: value'.");
    }

    private Collection<?> list(Map<?, ?> where, String field) {
        if (where.get(field) instanceof Collection<?> found) {
            return found;
        }
        throw new CascException(line(where, field), "'" + field + "' must be a list.");
    }
}
