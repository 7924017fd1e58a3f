package sandbox.runner;

import com.cloudbees.groovy.cps.Continuable;
import com.cloudbees.groovy.cps.CpsTransformer;
import com.cloudbees.groovy.cps.NonCPS;
import groovy.lang.GroovyClassLoader;
import groovy.lang.Script;
import hudson.AbortException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.customizers.ImportCustomizer;

/** Compiles a Jenkinsfile with the transformation to continuation-passing style, so that it can be suspended. */
final class JenkinsfileCompiler {
    private static final GroovyClassLoader PRELUDE =
            new GroovyClassLoader(JenkinsfileCompiler.class.getClassLoader(), configuration(PreludeScript.class));
    private static final Class<?> PRELUDE_CLASS = compilePrelude();

    private final GroovyClassLoader loader;
    private final Class<?> script;

    private JenkinsfileCompiler(GroovyClassLoader loader, Class<?> script) {
        this.loader = loader;
        this.script = script;
    }

    static JenkinsfileCompiler of(String jenkinsfile) throws AbortException {
        GroovyClassLoader loader = new GroovyClassLoader(PRELUDE, configuration(JenkinsfileScript.class));
        try {
            return new JenkinsfileCompiler(loader, loader.parseClass(jenkinsfile, "WorkflowScript"));
        } catch (CompilationFailedException e) {
            throw new AbortException("The Jenkinsfile does not compile. " + e.getMessage());
        }
    }

    private static Class<?> compilePrelude() {
        try (InputStream in = JenkinsfileCompiler.class.getResourceAsStream("Prelude.groovy")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return PRELUDE.parseClass(text, "Prelude.groovy");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CompilerConfiguration configuration(Class<? extends Script> base) {
        CompilerConfiguration configuration = new CompilerConfiguration();
        configuration.setScriptBaseClass(base.getName());
        configuration.setSourceEncoding(StandardCharsets.UTF_8.name());
        configuration.addCompilationCustomizers(
                new ImportCustomizer().addStarImports(NonCPS.class.getPackageName()), new CpsTransformer());
        return configuration;
    }

    Continuable start() {
        return new Continuable((Script) instance(script));
    }

    PreludeScript prelude() {
        return (PreludeScript) instance(PRELUDE_CLASS);
    }

    ClassLoader loader() {
        return loader;
    }

    private static Object instance(Class<?> type) {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
