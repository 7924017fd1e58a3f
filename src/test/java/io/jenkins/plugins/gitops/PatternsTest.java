package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassReader;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Handle;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.MethodVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Opcodes;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No text makes a regular expression of the plugin run for long or use up the stack. */
class PatternsTest {

    /** More than any header or name that anybody sends. */
    private static final int LENGTH = 8_000;

    private static final Duration LONG = Duration.ofSeconds(20);

    /** What expressions repeat; each before and after what some of them need first. */
    private static final List<String> REPEATED = List.of(
            "a", "1", "-", ".", " ", "/", ":", ",", "\"", "\\a", "a.", "a-", "a/", "a, ", "a=1,", "*", "(", "!a,");

    private static final List<String> BEFORE = List.of("", "a=\"", "a in (", "https://a/", "a:", "a");

    /** An expression, and where it is. */
    record FoundExpression(String where, Pattern pattern) {}

    /** Each static field of a class, and each expression that a method of {@link String} is given. */
    static Stream<FoundExpression> patterns() throws ReflectiveOperationException, IOException {
        var patterns = new ArrayList<FoundExpression>();
        for (ClassFile file : PluginClasses.all()) {
            if (file.types().contains("java/util/regex/Pattern")) {
                Class<?> type =
                        Class.forName(file.name().replace('/', '.'), false, PatternsTest.class.getClassLoader());
                for (Field field : type.getDeclaredFields()) {
                    if (Modifier.isStatic(field.getModifiers()) && field.getType() == Pattern.class) {
                        field.setAccessible(true);
                        patterns.add(new FoundExpression(field.toString(), (Pattern) field.get(null)));
                    }
                }
            }
            patterns.addAll(ConstantExpressions.of(file.name()));
        }
        assertThat(patterns).hasSizeGreaterThan(50);
        return patterns.stream();
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void isDoneSoonWhateverTheText(FoundExpression found) {
        assertTimeoutPreemptively(LONG, () -> {
            for (String before : BEFORE) {
                for (String repeated : REPEATED) {
                    // The last character is one that few expressions end with, so that all ways are tried.
                    Matcher matcher = found.pattern().matcher(before + repeated.repeat(LENGTH) + "\u0000");
                    assertThatCode(() -> {
                                matcher.matches();
                                matcher.lookingAt();
                            })
                            .as("%s and %s%s...", found, before, repeated)
                            .doesNotThrowAnyException();
                }
            }
        });
    }

    /** Finds the expressions that methods of {@link String} are given, which have to be constants. */
    private static final class ConstantExpressions extends MethodVisitor {

        /** The number of arguments after the expression. */
        private static final Map<String, Integer> TAKE_EXPRESSIONS =
                Map.of("matches", 0, "split", 0, "split2", 1, "replaceAll", 1, "replaceFirst", 1);

        private final String where;
        private final List<FoundExpression> found;

        /** The last values that were loaded, the newest first; null for what is no constant. */
        private final LinkedList<Object> loaded = new LinkedList<>();

        private ConstantExpressions(String where, List<FoundExpression> found) {
            super(Opcodes.ASM9);
            this.where = where;
            this.found = found;
        }

        static List<FoundExpression> of(String type) throws IOException {
            var found = new ArrayList<FoundExpression>();
            try (var in = PatternsTest.class.getClassLoader().getResourceAsStream(type + ".class")) {
                new ClassReader(in)
                        .accept(
                                new ClassVisitor(Opcodes.ASM9) {
                                    @Override
                                    public MethodVisitor visitMethod(
                                            int access, String name, String types, String generics, String[] thrown) {
                                        return new ConstantExpressions(type + "." + name, found);
                                    }
                                },
                                ClassReader.SKIP_FRAMES);
            }
            return found;
        }

        @Override
        public void visitLdcInsn(Object value) {
            loaded.addFirst(value);
        }

        @Override
        public void visitInsn(int code) {
            loaded.addFirst(null);
        }

        @Override
        public void visitIntInsn(int code, int value) {
            loaded.addFirst(null);
        }

        @Override
        public void visitVarInsn(int code, int variable) {
            loaded.addFirst(null);
        }

        @Override
        public void visitFieldInsn(int code, String owner, String name, String type) {
            loaded.addFirst(null);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String type, Handle handle, Object... arguments) {
            for (Object argument : arguments) {
                assertThat(String.valueOf(argument))
                        .as("a reference in %s", where)
                        .doesNotContain("java/lang/String.matches", "java/util/regex/Pattern.compile");
            }
            loaded.addFirst(null);
        }

        @Override
        public void visitMethodInsn(int code, String owner, String name, String types, boolean ofInterface) {
            if (owner.equals("java/util/regex/Pattern") && (name.equals("compile") || name.equals("matches"))) {
                assertThat(where).as("makes an expression while it runs").endsWith(".<clinit>");
                int flags = types.contains("String;I)") ? 1 : 0;
                if (loaded.size() > flags && loaded.get(flags) instanceof String expression) {
                    found.add(new FoundExpression(where, Pattern.compile(expression)));
                }
            }
            Integer after = owner.equals("java/lang/String")
                    ? TAKE_EXPRESSIONS.get(types.contains("String;I)") ? name + "2" : name)
                    : null;
            if (after != null) {
                Object expression = loaded.size() > after ? loaded.get(after) : null;
                assertThat(expression)
                        .as("the expression of %s in %s is a constant", name, where)
                        .isInstanceOf(String.class);
                found.add(new FoundExpression(where, Pattern.compile((String) expression)));
            }
            loaded.addFirst(null);
        }
    }
}
