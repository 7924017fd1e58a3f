package sandbox.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Starts one browser for the tests of a class. An error that a page reports fails the test. */
abstract class BrowserTestBase {

    /** The timeout of waits, long enough for a busy machine. */
    private static final int LONG_MS = 20_000;

    private static Chromium chromium;

    private final List<String> complaints = new ArrayList<>();
    private BrowserContext context;
    Page page;

    @BeforeAll
    static void startBrowser() {
        assumeTrue(Chromium.missing().isEmpty(), () -> "Missing: " + Chromium.missing() + "; get it with: .ci/tools");
        chromium = Chromium.start();
        PlaywrightAssertions.setDefaultAssertionTimeout(LONG_MS);
    }

    @AfterAll
    static void closeBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    /** Opens a page in a new browser context, without cookies and cache. */
    void open(String url, ColorScheme scheme) {
        openContext(scheme);
        page.navigate(url);
        page.waitForSelector("#gitops-waves[data-shown]");
    }

    /** Opens a page whose requests to some addresses are answered otherwise. */
    void openRouted(String url, String addresses, Consumer<Route> answer) {
        openUnanswered(url, addresses, answer);
        page.waitForSelector("#gitops-waves[data-shown]");
    }

    /** The same, without waiting until the page shows a state. */
    void openUnanswered(String url, String addresses, Consumer<Route> answer) {
        openContext(ColorScheme.LIGHT);
        page.route(addresses, answer);
        page.navigate(url);
    }

    /** Opens a page of which the test itself sets the content. */
    void openBlank() {
        openContext(ColorScheme.LIGHT);
    }

    private void openContext(ColorScheme scheme) {
        context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setColorScheme(scheme)
                        .setViewportSize(1400, 900)
                        .setLocale("en-GB"));
        context.setDefaultTimeout(LONG_MS);
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
    }

    @AfterEach
    void nothingWasComplainedOf() {
        if (context != null) {
            context.close();
        }
        assertThat(complaints).isEmpty();
    }

    /** Opens a tab; returns its content. */
    Locator tab(String name) {
        page.locator("#tab-" + name).click();
        return page.locator("#" + name);
    }

    /** The arrow into a wave. */
    Locator arrow(String wave) {
        return page.locator("[data-arrow=\"" + wave + "\"]");
    }

    /** The lane of a wave in the timeline. */
    Locator lane(String wave) {
        return page.locator("[data-lane=\"" + wave + "\"]");
    }

    Locator wave(String name) {
        return page.locator("[data-wave=\"" + name + "\"]");
    }

    Locator dialog() {
        return page.locator("dialog[open]");
    }

    Locator button(Locator within, String text) {
        return within.locator("button", new Locator.LocatorOptions().setHasText(text));
    }

    void search(String text) {
        page.locator("#gitops-query").fill(text);
    }

    /** Returns the serious and critical accessibility violations that axe finds. */
    List<String> barriers() throws IOException {
        page.evaluate(axe());
        String found = (String) page.evaluate("async () => JSON.stringify((await axe.run()).violations)");
        var serious = new ArrayList<String>();
        for (JsonElement each : JsonParser.parseString(found).getAsJsonArray()) {
            JsonObject violation = each.getAsJsonObject();
            if (List.of("serious", "critical").contains(violation.get("impact").getAsString())) {
                serious.add(violation.get("id") + ": " + violation.get("nodes"));
            }
        }
        return serious;
    }

    private static String axe() throws IOException {
        try (InputStream script = AxeBuilder.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
