package sandbox.runner;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** A program in a JVM of its own, with the classes and openings of this one. */
final class JavaProcess {
    private JavaProcess() {}

    static ProcessBuilder of(Class<?> program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }
}
