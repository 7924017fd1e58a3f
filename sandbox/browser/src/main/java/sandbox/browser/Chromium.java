package sandbox.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Debian's headless Chromium, controlled by Playwright, which downloads nothing. */
public final class Chromium implements AutoCloseable {

    /** The oldest version of Node.js that Playwright supports. */
    private static final int OLDEST_NODE = 20;

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Returns the required tools that are missing on this machine. */
    public static List<String> missing() {
        var missing = new ArrayList<String>();
        if (find("chromium").isEmpty()) {
            missing.add("chromium");
        }
        if (find("node").filter(Chromium::isNewEnough).isEmpty()) {
            missing.add("node " + OLDEST_NODE);
        }
        return missing;
    }

    private static boolean isNewEnough(Path node) {
        try {
            Process process = new ProcessBuilder(node.toString(), "--version").start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(version.replaceAll("^v(\\d+)\\.[\\s\\S]*", "$1")) >= OLDEST_NODE;
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    private static Optional<Path> find(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts the browser. */
    public static Chromium start() {
        Playwright playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of(
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1",
                        "PLAYWRIGHT_NODEJS_PATH",
                        find("node").orElseThrow().toString())));
        return new Chromium(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(find("chromium").orElseThrow())
                                .setArgs(List.of("--no-sandbox", "--disable-gpu"))));
    }

    public Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
