package sandbox.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The log of the sandbox itself. */
final class SandboxLog {

    /** Held here, since the log manager does not keep loggers, and their levels would be lost. */
    private static final Logger PLUGIN = Logger.getLogger("io.jenkins.plugins.gitops");

    private SandboxLog() {}

    /**
     * Writes log records to {@code sandbox.log} in the home, and to no other handler: those of the plugin of all levels,
     * and of others from level {@code INFO}.
     */
    static void into(Path home) throws IOException {
        Files.createDirectories(home);
        LogManager.getLogManager().reset();
        FileHandler file = new FileHandler(home.resolve("sandbox.log").toString(), true);
        file.setFormatter(new SimpleFormatter());
        file.setLevel(Level.ALL);
        PLUGIN.setLevel(Level.ALL);
        Logger.getLogger("").addHandler(file);
    }
}
