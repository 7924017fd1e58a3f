package io.jenkins.plugins.gitops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.flux.ClusterSettings;
import io.jenkins.plugins.gitops.matching.WorkBudget;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever takes a text takes any text: each function, constructor and method of the engine and the endpoints to which
 * a text can be given is found by reflection, and given hostile ones. It ends soon, with a value or with a refusal.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForeignTextFuzzTest {

    /** Of processor time for one call, so that other work on the machine does not count. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private static final KeyPair KEYS = keys();

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has Ed25519", e);
        }
    }

    /** Rooms whose types are given texts by Jenkins, and need a controller; all others are looked at. */
    private static final Set<String> ROOMS_OF_JENKINS = Set.of(
            "build",
            "configuration",
            "configuration/checks",
            "pages",
            "runtime",
            "steps",
            "steps/base",
            "steps/failures",
            "steps/generator",
            "triggers");

    /** Methods that are called with texts of one kind only: paths and refs that were found before, JSON of its own. */
    private static final Set<String> OF_KNOWN_TEXTS =
            Set.of("LinkTargets.problem", "RefNames.branch", "StateJson.join");

    /** What is repeated up to the length of a long text, and what comes before it. */
    private static final List<String> REPEATED = List.of(
            "a",
            "1",
            "/",
            ".",
            "*",
            "*a",
            "?",
            "[",
            "(",
            "{\"a\":",
            "\"",
            "\\",
            "\n",
            "\r\n",
            "a: b\n",
            ",a",
            "a=b,",
            "%41",
            "&amp;",
            "\\u0041",
            "-",
            " ",
            "\u0000",
            "\ud800",
            "\ud83d\ude00",
            "\u202e",
            "../",
            "!a\n",
            "0 ",
            "YWJj");

    private static final List<String> BEFORE = List.of("https://a/", "{\"a\": \"", "a in (", "sha256:", "a:");

    private static final int LONG = 20_000;

    private static final List<String> SHORT = List.of(
            "",
            " ",
            "\u0000",
            "null",
            "-1",
            "99999999999999999999",
            "1e999999999",
            "\ud800",
            "{}",
            "[]",
            "{\"a\":[1,{\"b\":null}]}",
            "sha256:" + "a".repeat(64),
            "docker.example.com:5000/a/b:1@sha256:" + "0".repeat(64),
            "2026-11-23T09:00:00Z",
            "+999999999-12-31T23:59:59Z",
            "0 9 * * 1-4",
            "10m",
            "9223372036854775807d",
            "refs/heads/main",
            "C:\\x",
            "//",
            "Bearer realm=\"https://a\",service=\"b\"");

    private record Call(Executable function, Object of, Object[] arguments) {
        private Object make() throws ReflectiveOperationException {
            return function instanceof Constructor<?> constructor
                    ? constructor.newInstance(arguments)
                    : ((Method) function).invoke(of, arguments);
        }
    }

    static Stream<Class<?>> types() throws IOException, ReflectiveOperationException {
        var types = new ArrayList<Class<?>>();
        for (ClassFile file : PluginClasses.all()) {
            String room = file.name().substring(0, file.name().lastIndexOf('/'));
            if (!ROOMS_OF_JENKINS.contains(room.replace("io/jenkins/plugins/gitops/", ""))) {
                types.add(Class.forName(
                        file.name().replace('/', '.'), false, ForeignTextFuzzTest.class.getClassLoader()));
            }
        }
        return types.stream()
                .filter(type -> !type.isInterface()
                        && !type.isSynthetic()
                        && !functions(type).isEmpty())
                .sorted(Comparator.comparing(Class::getName));
    }

    /** Constructors and methods that take a text, and nothing that cannot be made of texts. */
    private static List<Executable> functions(Class<?> type) {
        return Stream.<Executable>concat(
                        Modifier.isAbstract(type.getModifiers())
                                ? Stream.empty()
                                : Arrays.stream(type.getDeclaredConstructors()),
                        Arrays.stream(type.getDeclaredMethods()))
                .filter(function -> !function.isSynthetic()
                        && !Modifier.isPrivate(function.getModifiers())
                        && !Modifier.isAbstract(function.getModifiers())
                        && !OF_KNOWN_TEXTS.contains(type.getSimpleName() + "." + function.getName()))
                .filter(function -> Arrays.stream(function.getParameters())
                        .allMatch(parameter -> value(parameter.getParameterizedType(), "", 0) != null))
                .filter(function -> Arrays.stream(function.getParameters()).anyMatch(ForeignTextFuzzTest::takesText))
                .toList();
    }

    private static boolean takesText(Parameter parameter) {
        return !String.valueOf(value(parameter.getParameterizedType(), "one", 0))
                        .equals(String.valueOf(value(parameter.getParameterizedType(), "other", 0)))
                || parameter.getType() == byte[].class
                || parameter.getType() == InputStream.class
                || parameter.getParameterizedType().getTypeName().contains("ByteBuffer");
    }

    /** A value of a type that is made of a text; null if there is none. */
    private static Object value(Type type, String text, int depth) {
        if (type == String.class || type == CharSequence.class || type == Object.class) {
            return text;
        }
        if (type instanceof ParameterizedType of && depth < 3) {
            Type[] arguments = of.getActualTypeArguments();
            Object first = value(arguments[0], text, depth + 1);
            if (first == null) {
                return null;
            }
            if (of.getRawType() == Optional.class) {
                return Optional.of(first);
            }
            if (of.getRawType() == List.class || of.getRawType() == Collection.class) {
                return List.of(first);
            }
            if (of.getRawType() == Set.class) {
                return Set.of(first);
            }
            Object second = arguments.length < 2 ? null : value(arguments[1], text, depth + 1);
            boolean isMap = of.getRawType() == Map.class || of.getRawType() == SortedMap.class;
            return isMap && second != null && first instanceof String ? new TreeMap<>(Map.of(first, second)) : null;
        }
        return type instanceof Class<?> plain ? plainValue(plain, text) : null;
    }

    /** What listens hears nothing; it is equal to itself, as any object is. */
    @Nullable
    private static Object hears(Object listener, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> listener == arguments[0];
            case "hashCode" -> 0;
            case "toString" -> "a listener";
            default -> null;
        };
    }

    /** The head of an answer whose body is read for its error. */
    private record Head(HttpHeaders headers) implements ResponseInfo {
        @Override
        public int statusCode() {
            return 500;
        }

        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }
    }

    private static Object plainValue(Class<?> type, String text) {
        if (type == byte[].class) {
            return text.getBytes(UTF_8);
        }
        if (type == InputStream.class) {
            return new ByteArrayInputStream(text.getBytes(UTF_8));
        }
        if (type == JsonNode.class) {
            var list = JsonNodeFactory.instance.arrayNode().add(text).add(7).addNull();
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("name", text)
                    .put(text, text)
                    .set("status", list);
        }
        if (type == HttpHeaders.class) {
            return HttpHeaders.of(
                    Map.of("Retry-After", List.of(text), "WWW-Authenticate", List.of(text)), (name, value) -> true);
        }
        if (type == ByteBuffer.class) {
            return ByteBuffer.wrap(text.getBytes(UTF_8));
        }
        if (type == ResponseInfo.class) {
            return new Head((HttpHeaders) plainValue(HttpHeaders.class, text));
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        if (type.isInterface()
                && !type.isSealed()
                && type.getMethods().length > 0
                && type.getName().startsWith("io.jenkins.plugins.gitops")
                && Arrays.stream(type.getMethods()).allMatch(method -> method.getReturnType() == void.class)) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, ForeignTextFuzzTest::hears);
        }
        return Stream.of(
                        true,
                        7,
                        7L,
                        Instant.EPOCH,
                        Duration.ofMinutes(1),
                        Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                        ObjectId.zeroId(),
                        new WorkBudget(1_000_000),
                        SecretRedaction.of(List.of("a-secret-of-a-connection")),
                        new ClusterSettings("eu", "", "", Optional.empty(), false),
                        KEYS.getPublic())
                .filter(value -> type.isInstance(value)
                        || type == boolean.class && value instanceof Boolean
                        || type == int.class && value instanceof Integer
                        || type == long.class && value instanceof Long)
                .findFirst()
                .orElse(null);
    }

    private static Stream<String> texts() {
        return Stream.of(
                        SHORT.stream(),
                        REPEATED.stream().map(repeated -> repeated.repeat(LONG / repeated.length()) + "\u0001"),
                        BEFORE.stream().map(before -> before + "a".repeat(LONG) + "\u0001"))
                .flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("types")
    void endsSoonWithAValueOrARefusal(Class<?> type) throws Exception {
        List<Object> made = new ArrayList<>();
        List<Executable> functions = functions(type);
        for (Executable function : functions) {
            function.setAccessible(true);
            if (isStatic(function)) {
                for (String text : texts().toList()) {
                    Object value = call(new Call(function, null, arguments(function, text)));
                    if (type.isInstance(value) && made.size() < 20) {
                        made.add(value);
                    }
                }
            }
        }
        for (Executable function : functions) {
            for (Object of : isStatic(function) ? List.of() : made) {
                for (String text : texts().filter(each -> made.size() < 3 || each.length() < 100)
                        .toList()) {
                    call(new Call(function, of, arguments(function, text)));
                }
            }
        }
    }

    private static boolean isStatic(Executable function) {
        return function instanceof Constructor || Modifier.isStatic(function.getModifiers());
    }

    private static Object[] arguments(Executable function, String text) {
        return Arrays.stream(function.getGenericParameterTypes())
                .map(type -> value(type, text, 0))
                .toArray();
    }

    private static Object call(Call call) throws ReflectiveOperationException {
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        try {
            return call.make();
        } catch (InvocationTargetException e) {
            Throwable refusal = e.getCause();
            boolean meant = refusal instanceof IllegalArgumentException
                    || refusal.getClass().getName().startsWith("io.jenkins.plugins.gitops")
                    || refusal instanceof IOException
                    || refusal instanceof UncheckedIOException
                    || refusal instanceof DateTimeException;
            if (!meant) {
                fail(described(call) + " fails with " + refusal, refusal);
            }
            return null;
        } finally {
            assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - before))
                    .as(described(call))
                    .isLessThan(LONGEST);
        }
    }

    private static String described(Call call) {
        String text = Arrays.toString(call.arguments());
        return call.function() + " of " + text.substring(0, Math.min(60, text.length()));
    }

    /**
     * Readers by their names, so that one that is added later is tried too. Those that read git read what the others
     * have parsed, or give it to them.
     */
    @Test
    void findsWhatReadsTheTextsOfOthers() throws Exception {
        Set<String> tried = types().map(Class::getSimpleName).collect(toSet());
        Set<String> readers = PluginClasses.all().stream()
                .map(ClassFile::name)
                .filter(name -> !name.startsWith("io/jenkins/plugins/gitops/pages/"))
                .map(name -> name.substring(name.lastIndexOf('/') + 1).replaceAll(".*\\$", ""))
                .filter(name ->
                        name.matches("\\w*[a-z](Reader|Parser|Json|Payload|Rules|Patterns|Yaml|Signature|Manifest)"))
                .collect(toSet());
        readers.removeAll(tried);

        assertThat(readers)
                .as("read what git has, which hostile repositories try; count the bytes of bodies, which bad input"
                        + " tries; write JSON alone")
                .containsExactlyInAnyOrder(
                        "TransitionReader",
                        "CommitQueueReader",
                        "RequestBodyReader",
                        "BodyReader",
                        "AnswerReader",
                        "CloudEventJson",
                        "HistoryJson");
        assertThat(tried)
                .contains(
                        "Json",
                        "ImageSet",
                        "ImageRef",
                        "AuthChallenge",
                        "ChangeTrailers",
                        "AddressForm",
                        "LabelSelector",
                        "CronExpression",
                        "TrustedSigners",
                        "OpenPgpKey",
                        "CosignKey",
                        "ClientCertificate",
                        "ClusterLogin",
                        "ClusterTls",
                        "KubeconfigReader",
                        "FluxRevision",
                        "VerificationResult",
                        "WaveFile",
                        "StreamingBody",
                        "SecretRedaction");
    }
}
