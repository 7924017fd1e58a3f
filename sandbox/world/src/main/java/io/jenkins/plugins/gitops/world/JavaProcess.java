package io.jenkins.plugins.gitops.world;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * A program in a JVM of its own, with the class path and the options {@code -XX} and {@code --add-opens} of this one.
 */
public final class JavaProcess {
    private JavaProcess() {}

    /** Prepares the process; its standard error goes where its standard output goes. */
    public static ProcessBuilder of(Class<?> program, List<String> arguments) {
        return of(program, List.of(), arguments);
    }

    /**
     * Prepares the process; its standard error goes where its standard output goes.
     *
     * @param options more options of the JVM, such as {@code -Xmx256m}
     */
    public static ProcessBuilder of(Class<?> program, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-opens") || option.startsWith("-XX:"))
                .forEach(command::add);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true);
    }
}
