package sandbox.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The log of the sandbox itself. */
final class SandboxLog {
    private SandboxLog() {}

    /** Writes all log records to {@code sandbox.log} in the home, and to no other handler. */
    static void into(Path home) throws IOException {
        Files.createDirectories(home);
        LogManager.getLogManager().reset();
        FileHandler file = new FileHandler(home.resolve("sandbox.log").toString(), true);
        file.setFormatter(new SimpleFormatter());
        Logger.getLogger("").addHandler(file);
    }
}
