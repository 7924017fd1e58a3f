package sandbox.docs;

import hudson.ExtensionList;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.triggers.Trigger;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.steps.CommitConfigStep;
import io.jenkins.plugins.gitops.triggers.WavePromotionTrigger;
import java.beans.Introspector;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import sandbox.binding.ArgumentBinder;
import sandbox.binding.DescriptorSymbols;

/** The pages of reference, made of what is bound and of the help texts of the forms. */
final class ReferencePages {

    private static final String HOW = """
        <!-- Made from the help texts of the forms. REWRITE_DOCS=true sandbox/gitops test -k DocsReference makes \
        it anew. -->
        """;

    private static final Pattern DEFAULT = Pattern.compile("(`[^`]+`), the default[,;.]");

    private static final Pattern FIELD = Pattern.compile(" field=\"(\\w+)\"");

    /** What the help of a field says that may be left out. */
    private static final Pattern OPTIONAL = Pattern.compile("(?i)left (empty|out)");

    private final StringBuilder page = new StringBuilder();

    /** The package of steps and of conditions of {@code retry}, below which each room of them is, and that of triggers. */
    private static final List<String> PACKAGES =
            List.of(CommitConfigStep.class.getPackageName(), WavePromotionTrigger.class.getPackageName());

    private ReferencePages() {}

    /** Every step, condition and trigger by its name. */
    static String steps() {
        var reference = new ReferencePages();
        reference.page.append("""
            # Reference: steps and triggers

            %s
            What each takes, as the help beside its form says it. [Steps](../steps.md) says how they behave.
            """.formatted(HOW));
        TreeMap<String, Class<?>> found = new TreeMap<>();
        for (Descriptor<?> descriptor : ExtensionList.lookup(Descriptor.class)) {
            if (PACKAGES.stream().anyMatch(descriptor.clazz.getName()::startsWith)) {
                found.put(
                        descriptor instanceof StepDescriptor step
                                ? step.getFunctionName()
                                : DescriptorSymbols.of(descriptor).get(0),
                        descriptor.clazz);
            }
        }
        found.forEach((name, type) -> {
            String help = help(type, "help").orElseThrow(() -> new IllegalStateException(name + " has no help.html."));
            reference
                    .page
                    .append("\n## ")
                    .append(name)
                    .append("\n\n")
                    .append(help)
                    .append('\n');
            reference.table("parameter", bound(name, type, null));
        });
        return reference.page.toString();
    }

    /** Every field that the configuration has. */
    static String configuration() {
        var reference = new ReferencePages();
        reference.page.append("""
            # Reference: configuration

            %s
            Every field under `unclassified.gitopsWaves`, as the help beside the form says it.
            [Configuration](../configuration.md) says what belongs together.
            """.formatted(HOW));
        Map<String, Class<?>> sections = new LinkedHashMap<>();
        sections.put("gitopsWaves", GitOpsWavesConfiguration.class);
        List<String> written = new ArrayList<>();
        while (written.size() < sections.size()) {
            String name = List.copyOf(sections.keySet()).get(written.size());
            written.add(name);
            reference.page.append("\n## ").append(name).append('\n');
            reference.table("field", bound(name, sections.get(name), sections));
        }
        return reference.page.toString();
    }

    /**
     * One field or parameter.
     *
     * @param otherwise what holds when it is left out, as it is written
     */
    private record Field(String name, String type, String otherwise, String help) {}

    /**
     * What a class takes, in the order of its form.
     *
     * @param sections gets a section for each class that stands under a field
     */
    private static List<Field> bound(String name, Class<?> type, Map<String, Class<?>> sections) {
        boolean constructed = Arrays.stream(type.getConstructors())
                .anyMatch(constructor -> constructor.isAnnotationPresent(DataBoundConstructor.class));
        // Of what there is only one, whatever can be set is a field.
        Set<String> names = constructed ? ArgumentBinder.types(type).keySet() : setters(type);
        boolean living = constructed && !Trigger.class.isAssignableFrom(type);
        Object made = living ? ArgumentBinder.ofTexts().bind(name, type, Map.of()) : null;
        Set<String> needed = constructed ? parameters(type) : Set.of();
        List<Field> fields = new ArrayList<>();
        for (String field : inOrderOfForm(type, names)) {
            String help = help(type, "help-" + field)
                    .orElseThrow(() -> new IllegalStateException(name + " has no help-" + field + ".html."));
            Method getter = getter(type, field);
            String otherwise = made == null ? "" : shown(value(getter, made));
            if (otherwise.isEmpty()
                    && needed.contains(field)
                    && !OPTIONAL.matcher(help).find()) {
                otherwise = "needed";
            }
            // The default has a column of its own here.
            help = help.replace(" Default: " + otherwise + ".", "");
            List<String> defaults =
                    DEFAULT.matcher(help).results().map(found -> found.group(1)).toList();
            if (help.contains("Default:")
                    || !otherwise.isEmpty() && !Set.of(otherwise).containsAll(defaults)) {
                throw new IllegalStateException(
                        name + ", " + field + ": the help names another default than the class, " + otherwise + ".");
            }
            fields.add(new Field(field, described(field, getter.getGenericReturnType(), sections), otherwise, help));
        }
        return fields;
    }

    private static List<String> inOrderOfForm(Class<?> type, Set<String> names) {
        Set<String> ordered = new LinkedHashSet<>();
        text(type, "config.jelly")
                .ifPresent(form -> FIELD.matcher(form)
                        .results()
                        .map(found -> found.group(1))
                        .filter(names::contains)
                        .forEach(ordered::add));
        ordered.addAll(names);
        return List.copyOf(ordered);
    }

    private static Set<String> parameters(Class<?> type) {
        return Arrays.stream(type.getConstructors())
                .filter(constructor -> constructor.isAnnotationPresent(DataBoundConstructor.class))
                .flatMap(constructor -> Arrays.stream(constructor.getParameters()))
                .map(Parameter::getName)
                .collect(Collectors.toSet());
    }

    private static Set<String> setters(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(DataBoundSetter.class))
                .map(method -> Introspector.decapitalize(method.getName().substring(3)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Method getter(Class<?> type, String field) {
        String end = field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1);
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getParameterCount() == 0 && !method.isBridge())
                .filter(method ->
                        method.getName().equals("get" + end) || method.getName().equals("is" + end))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(type.getName() + " does not tell its " + field + "."));
    }

    private static Object value(Method getter, Object of) {
        try {
            return getter.invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(getter + " fails.", e);
        }
    }

    private static String shown(Object value) {
        boolean none = value == null
                || value instanceof Collection<?> many && many.isEmpty()
                || value instanceof String text && text.isEmpty();
        return none ? "" : "`" + value + "`";
    }

    private static String described(String field, Type type, Map<String, Class<?>> sections) {
        if (type instanceof ParameterizedType list) {
            Class<?> element = (Class<?>) list.getActualTypeArguments()[0];
            return "list of " + (element == String.class ? "texts" : linked(field, element, sections));
        }
        if (sections != null && type instanceof Class<?> one && Describable.class.isAssignableFrom(one)) {
            return linked(field, one, sections);
        }
        return type == boolean.class
                ? "`true` or `false`"
                : type == int.class || type == long.class
                        ? "number"
                        : type == Object.class ? "map, list or text" : "text";
    }

    /** Links to the section of each class that stands under a field, and sees to it that there will be one. */
    private static String linked(String field, Class<?> element, Map<String, Class<?>> sections) {
        if (!Modifier.isAbstract(element.getModifiers())) {
            sections.put(field, element);
            return link(field);
        }
        List<String> links = new ArrayList<>();
        DescriptorSymbols.describables(element.asSubclass(Describable.class)).forEach((symbol, type) -> {
            sections.put(symbol, type);
            links.add(link(symbol));
        });
        return String.join(", ", links);
    }

    private static String link(String section) {
        return "[" + section + "](#" + section.toLowerCase(Locale.ROOT) + ")";
    }

    private void table(String what, List<Field> fields) {
        if (fields.isEmpty()) {
            page.append("\nTakes no parameters.\n");
            return;
        }
        page.append("\n| ").append(what).append(" | type | default | |\n|---|---|---|---|\n");
        for (Field field : fields) {
            page.append("| `")
                    .append(field.name)
                    .append("` | ")
                    .append(field.type)
                    .append(" | ");
            page.append(field.otherwise.isEmpty() ? "" : field.otherwise + " ");
            page.append("| ")
                    .append(field.help.replace("\n\n", "<br>").replace("|", "\\|"))
                    .append(" |\n");
        }
    }

    /** A help text as Markdown, from the class or one that it extends. */
    private static Optional<String> help(Class<?> type, String name) {
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            Optional<String> help = text(owner, name + ".html");
            if (help.isPresent()) {
                return help.map(ReferencePages::markdown);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> text(Class<?> owner, String file) {
        try (InputStream text = owner.getResourceAsStream(owner.getSimpleName() + "/" + file)) {
            return text == null
                    ? Optional.empty()
                    : Optional.of(new String(text.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String markdown(String html) {
        String text = html.replaceAll("\\s+", " ")
                .replaceAll("</?div>", "")
                .replaceAll("</?code>", "`")
                .replaceAll("</?(em|i)>", "*")
                .replaceAll("</?(strong|b)>", "**")
                .replaceAll("<a href=\"([^\"]*)\">(.*?)</a>", "[$2]($1)")
                .replaceAll("\\s*(</p>|</li>|</?ul>)\\s*", " ")
                .replaceAll("\\s*(<p>|<br ?/?>)\\s*", "\n\n")
                .replaceAll("\\s*<li>\\s*", "\n\n- ");
        if (text.matches("(?s).*</?[a-z].*")) {
            throw new IllegalArgumentException("This help has a tag that the reference cannot show: " + html);
        }
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&")
                .strip();
    }
}
