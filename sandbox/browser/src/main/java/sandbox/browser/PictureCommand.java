package sandbox.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import sandbox.runner.PageShell;

/**
 * The command {@code sandbox/gitops pictures DIR [WORLD...]}: takes pictures of the live page in generated worlds, at the
 * widths of a telephone, a laptop and a wall.
 */
public final class PictureCommand {

    private static final int[] WIDTHS = {400, 1400, 2500};
    private static final int HEIGHT = 900;

    private PictureCommand() {}

    /** All worlds by their names. */
    static Map<String, RepositoryState> worlds(Instant now) {
        var small = new SmallStates(now);
        var worlds = new LinkedHashMap<String, RepositoryState>();
        worlds.put("good", small.good());
        worlds.put("troubled", small.troubled());
        worlds.put("empty", small.empty());
        worlds.put("large", new BigState(60, 6, 180, 5, 500).make());
        return worlds;
    }

    /** Takes the pictures; the first argument is the folder, the others are names of worlds, of all without any. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        try (Chromium chromium = Chromium.start()) {
            for (Map.Entry<String, RepositoryState> world : worlds(Instant.now().truncatedTo(ChronoUnit.SECONDS)).entrySet()) {
                boolean wanted = arguments.length == 1;
                for (int at = 1; at < arguments.length; at++) {
                    wanted |= arguments[at].equals(world.getKey());
                }
                if (wanted) {
                    take(chromium, world.getKey(), world.getValue(), folder);
                }
            }
        }
    }

    private static void take(Chromium chromium, String name, RepositoryState state, Path folder) throws IOException {
        try (var host = new PageHost(state, PageShell.Rights.EVERYTHING)) {
            for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
                for (int width : WIDTHS) {
                    try (BrowserContext context = chromium.browser()
                            .newContext(new Browser.NewContextOptions()
                                    .setColorScheme(scheme)
                                    .setViewportSize(width, HEIGHT)
                                    .setLocale("en-GB")
                                    .setTimezoneId("Europe/Berlin"))) {
                        Page page = context.newPage();
                        page.navigate(host.url());
                        page.waitForSelector("#gitops-waves[data-shown]");
                        page.screenshot(new Page.ScreenshotOptions()
                                .setFullPage(true)
                                .setPath(folder.resolve(name + "-" + width + "-"
                                        + scheme.name().toLowerCase(java.util.Locale.ROOT) + ".png")));
                    }
                }
            }
        }
    }
}
