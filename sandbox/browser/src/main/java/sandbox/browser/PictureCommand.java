package sandbox.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sandbox.runner.PageShell;

/**
 * The command {@code sandbox/gitops pictures}: takes pictures of the live page in generated worlds. With names of worlds
 * after the folder it takes each of these at the widths of a telephone, a laptop and a wall, in both themes. With {@code
 * --jenkins} it takes the pictures of the pages that a controller makes.
 */
public final class PictureCommand {

    private static final int TELEPHONE = 400;
    private static final int LAPTOP = 1400;
    private static final int WALL = 2500;
    private static final int HEIGHT = 900;

    /** The width of the pictures of a controller's pages. */
    private static final int PAPER = 1300;

    /** Behind the repository, which is a card with such fields in it too, and the first wave. */
    private static final int SECOND_WAVE = 2;

    /** So high that nothing of the form lies below the bars of the page. */
    private static final int WHOLE_FORM = 6000;

    /** How long a page of Jenkins goes on to lay itself out; no sign says when it has ended. */
    private static final int SETTLED_MILLIS = 3000;

    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private final Chromium chromium;
    private final Path folder;

    private PictureCommand(Chromium chromium, Path folder) {
        this.chromium = chromium;
        this.folder = folder;
    }

    private static Map<String, RepositoryState> worlds(Instant now) {
        var small = new SmallStates(now);
        return Map.of(
                "good", small.good(),
                "troubled", small.troubled(),
                "empty", small.empty(),
                "large", new BigState(60, 6, 180, 5, 500).make());
    }

    /** Takes the pictures; the first argument is the folder. */
    public static void main(String[] arguments) throws IOException {
        Map<String, RepositoryState> worlds = worlds(NOW);
        try (Chromium chromium = Chromium.start()) {
            var pictures = new PictureCommand(chromium, Path.of(arguments[0]));
            if (arguments.length == 5 && arguments[1].equals("--jenkins")) {
                pictures.takeController(arguments[2], arguments[3], arguments[4]);
                return;
            }
            if (arguments.length == 1) {
                pictures.take(worlds.get("troubled"), LAPTOP, ColorScheme.LIGHT, "waves-page");
                pictures.take(worlds.get("troubled"), LAPTOP, ColorScheme.DARK, "waves-page-dark");
                pictures.take(worlds.get("good"), TELEPHONE, ColorScheme.LIGHT, "waves-page-narrow");
                pictures.take(worlds.get("large"), LAPTOP, ColorScheme.LIGHT, "waves-page-large");
            }
            for (String world : Arrays.asList(arguments).subList(1, arguments.length)) {
                for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                    for (int width : List.of(TELEPHONE, LAPTOP, WALL)) {
                        String name = world + "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT);
                        pictures.take(worlds.get(world), width, scheme, name);
                    }
                }
            }
        }
    }

    private void take(RepositoryState state, int width, ColorScheme scheme, String name) throws IOException {
        try (var host = new PageHost(state, PageShell.Rights.EVERYTHING);
                BrowserContext context = chromium.browser()
                        .newContext(new Browser.NewContextOptions()
                                .setColorScheme(scheme)
                                .setViewportSize(width, HEIGHT)
                                .setLocale("en-GB")
                                .setTimezoneId("Europe/Berlin"))) {
            host.setCommits(new SmallStates(NOW).commits());
            Page page = context.newPage();
            page.navigate(host.url());
            page.waitForSelector("#gitops-waves[data-shown]");
            page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(folder.resolve(name + ".png")));
        }
    }

    /**
     * Takes the pictures of the pages of a controller without a security realm.
     *
     * @param root the address of the controller
     * @param done a build that has delivered, as {@code acme/app/17}
     * @param waiting one that waits
     */
    private void takeController(String root, String done, String waiting) {
        try (BrowserContext context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(PAPER, HEIGHT)
                        .setLocale("en-GB"))) {
            Page page = context.newPage();
            String address = root.replaceAll("/+$", "");
            shoot(page, address + build(done), "build-page");
            shoot(page, address + build(done) + "delivery/", "delivery-page");
            shoot(page, address + build(waiting), "build-page-waiting");
            shoot(page, address + build(done).replaceAll("[^/]+/$", ""), "job-page");
            page.setViewportSize(PAPER, WHOLE_FORM);
            page.navigate(address + "/manage/gitops-waves-configuration/");
            page.getByText("Waves", new Page.GetByTextOptions().setExact(true)).click();
            Locator wave = page.locator(".repeated-chunk:has(input[name='_.promotesFrom'])")
                    .filter(new Locator.FilterOptions().setHas(page.getByText("Show targets")))
                    .nth(SECOND_WAVE);
            wave.getByText("Show targets").click();
            page.waitForTimeout(SETTLED_MILLIS);
            wave.getByText("Asking Argo CD")
                    .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
            wave.screenshot(new Locator.ScreenshotOptions().setPath(folder.resolve("configuration.png")));
        }
    }

    /** The path of a build that is named as {@code acme/app/17}. */
    private static String build(String name) {
        int number = name.lastIndexOf('/');
        return "/job/" + name.substring(0, number).replace("/", "/job/") + name.substring(number) + "/";
    }

    private void shoot(Page page, String address, String name) {
        page.navigate(address);
        page.waitForTimeout(SETTLED_MILLIS);
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(folder.resolve(name + ".png")));
    }
}
