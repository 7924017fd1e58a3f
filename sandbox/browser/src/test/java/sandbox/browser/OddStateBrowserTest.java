package sandbox.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sandbox.runner.PageShell.Rights;

/** Tests that the page bears odd names and sizes, states of older controllers, and a Jenkins that does not answer. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OddStateBrowserTest extends BrowserTestBase {

    private static final String STATES = "**/gitops-waves/state/**";

    private final AtomicReference<Consumer<Route>> answer = new AtomicReference<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();
    private PageHost host;

    @AfterEach
    void stop() {
        if (host != null) {
            page.close();
            host.close();
        }
    }

    /** The JSON of a state, which a test may alter before the page gets it. */
    private JsonObject json(RepositoryState state) throws Exception {
        host = new PageHost(state, Rights.EVERYTHING);
        String body = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(host.stateUrl())).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        return JsonParser.parseString(body).getAsJsonObject();
    }

    /** What reaches over the right edge of a page that is wider than the window. */
    private Object tooWide() {
        return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth ? '' :"
                + " [...document.querySelectorAll('#gitops-waves *')].filter(each => !each.closest('.gitops-scroll')"
                + " && each.getBoundingClientRect().right > window.innerWidth).map(each => each.className).join()");
    }

    private void openWith(JsonObject state) {
        answer.set(route -> route.fulfill(new Route.FulfillOptions()
                .setStatus(200)
                .setHeaders(Map.of("Date", "Mon, 01 Jan 2001 00:00:00 GMT"))
                .setContentType("application/json")
                .setBody(state.toString())));
        openRouted(host.url(), STATES, route -> {
            requests.incrementAndGet();
            answer.get().accept(route);
            answers.incrementAndGet();
        });
    }

    private static JsonObject wave(JsonObject state, int number) {
        return state.getAsJsonArray("waves").get(number).getAsJsonObject();
    }

    @Test
    void oddNamesAndAnOlderControllersStateAreShown() throws Exception {
        JsonObject state = json(new SmallStates(Instant.now()).good());
        String longName = "x".repeat(200);
        String rtl = "\u202Egnos\u202C \uD83D\uDE80";
        wave(state, 0).addProperty("name", "__proto__");
        wave(state, 1).addProperty("from", "__proto__");
        wave(state, 1).addProperty("name", longName);
        wave(state, 2).addProperty("from", longName);
        wave(state, 2).addProperty("name", rtl);
        JsonObject images =
                wave(state, 0).getAsJsonArray("sets").get(0).getAsJsonObject().getAsJsonObject("images");
        images.add("__proto__", images.get("shop"));
        images.add("constructor", images.get("shop"));
        images.add(longName, images.get("shop"));
        // What older controllers do not say.
        List.of("releases", "runs", "events").forEach(state::remove);
        state.getAsJsonArray("waves").forEach(each -> each.getAsJsonObject().remove("promotionJob"));
        openWith(state);

        assertThat(wave("__proto__")).containsText("soaking");
        assertThat(wave(longName)).isVisible();
        assertThat(wave(rtl)).isVisible();
        assertThat(tab("services").locator("tbody tr")).hasCount(7);
        assertThat(tooWide()).isEqualTo("");
        button(wave("__proto__"), "Why").click();
        assertThat(dialog()).isVisible();
        page.keyboard().press("Escape");
        tab("history");
        page.setViewportSize(400, 900);
        assertThat(page.locator(".gitops-picture.gitops-lane")).isVisible();
        assertThat(tooWide()).isEqualTo("");
        assertThat(barriers()).isEmpty();
    }

    @Test
    void whatNobodyHasApprovedYetIsNamedWhereItWaits() throws Exception {
        JsonObject state = json(new SmallStates(Instant.now()).good());
        JsonObject next =
                wave(state, 2).getAsJsonArray("sets").get(0).getAsJsonObject().getAsJsonObject("next");
        next.addProperty("allowed", false);
        JsonObject condition = next.getAsJsonArray("conditions").get(0).getAsJsonObject();
        condition.addProperty("name", "approved");
        condition.addProperty("met", false);
        condition.addProperty("seen", "it has 1 of 2 approvals.");
        next.addProperty("sha", "1".repeat(40));
        var approvals = new JsonArray();
        var another = new JsonObject();
        another.addProperty("by", "somebody else");
        approvals.add(another);
        wave(state, 2).getAsJsonArray("sets").get(0).getAsJsonObject().add("approvals", approvals);
        openWith(state);

        assertThat(wave("internal").locator(".gitops-pill")).hasText("waiting for approval");
        assertThat(arrow("production").locator(".gitops-closed")).hasText("needs approval");
        assertThat(button(wave("production"), "Approve")).hasCount(1);
        assertThat(button(wave("production"), "Take approval back")).hasCount(0);

        another.addProperty("by", System.getProperty("user.name"));
        openWith(state);
        assertThat(button(wave("production"), "Approve")).hasCount(0);
        assertThat(button(wave("production"), "Take approval back")).hasCount(1);
    }

    @Test
    void aStateWithOutHistoryOrWavesIsShown() throws Exception {
        JsonObject state = json(new SmallStates(Instant.now()).empty());
        state.add("waves", new JsonArray());
        state.add("auto", new JsonArray());
        state.add("history", new JsonArray());
        openWith(state);

        assertThat(page.locator(".gitops-summary")).containsText("No wave is configured yet");
        assertThat(page.locator("#services")).containsText("No wave has an image yet.");
    }

    @Test
    void aThousandServicesAreFoundAtOnce() throws IOException {
        host = new PageHost(new BigState(1000, 6, 180, 50, 500).make(), Rights.EVERYTHING);
        open(host.url(), ColorScheme.LIGHT);

        search("service0999");
        assertThat(page.locator("#tab-services .gitops-count")).hasText("0 of 1000");
        search("service999");
        assertThat(tab("services").locator("tbody tr")).hasCount(1);
    }

    @Test
    void whereJenkinsIsAwayOrThePermissionIsGoneTheLastStateStaysAndThePageSaysSo() throws Exception {
        JsonObject state = json(new SmallStates(Instant.now()).good());
        openWith(state);
        page.clock().install();
        Object before = summaryTop();

        answer.set(route -> refuse(route, 403, "text/plain", "This needs the permission GitOps Waves/View."));
        assertThat(notice()).containsText("This needs the permission GitOps Waves/View.");
        assertThat(wave("production")).isVisible();

        answer.set(Route::abort);
        elapse(10);
        assertThat(notice()).hasText("This page cannot reach Jenkins; what it shows may be old. It keeps trying.");
        assertThat(page.locator(".gitops-live")).hasText(Pattern.compile("not live, seen \\d+ s ago"));

        answer.set(route -> refuse(route, 502, "text/html", "<h1>Bad gateway</h1>"));
        elapse(30);
        assertThat(notice()).containsText("HTTP 502: it starts, or a proxy does not reach it");

        for (int status : new int[] {401, 403, 200}) {
            answer.set(route -> refuse(route, 500, "text/plain", "Something else."));
            elapse(30);
            assertThat(notice()).containsText("Something else.");
            answer.set(route -> refuse(route, status, "text/html", "<h1>Log in</h1>"));
            elapse(30);
            assertThat(notice()).containsText("Jenkins wants you to log in. Load this page again to do that");
        }
        assertThat(summaryTop()).isEqualTo(before);

        assertRecovers(state, before);
    }

    @Test
    void tenMinutesWithoutJenkinsAreSaidBringFewRequestsAndEndByThemselves() throws Exception {
        JsonObject state = json(new SmallStates(Instant.now()).good());
        openWith(state);
        page.clock().install();
        Object before = summaryTop();
        answer.set(Route::abort);
        assertThat(notice()).hasCount(1);

        int asked = requests.get();
        for (int step = 0; step < 60; step++) {
            elapse(10);
        }

        // At most one after 5, 10 and 20 s, and then one in 22.5 to 30 s.
        assertThat(requests.get() - asked).isBetween(12, 30);
        assertThat(page.locator(".gitops-live")).hasText("not live, seen 10 min ago");
        assertThat(wave("production")).isVisible();
        assertThat(summaryTop()).isEqualTo(before);

        assertRecovers(state, before);
        int again = requests.get();
        for (int step = 0; step < 10; step++) {
            elapse(1);
        }
        assertThat(requests.get() - again).isBetween(1, 6);
    }

    @Test
    void aPageThatNeverReachedJenkinsSaysNothingOfWhatItShows() throws Exception {
        JsonObject state = json(new SmallStates(Instant.now()).good());
        answer.set(Route::abort);
        openUnanswered(host.url(), STATES, route -> answer.get().accept(route));

        assertThat(page.locator("#gitops-waves .gitops-empty"))
                .hasText("Jenkins does not answer this page. It keeps trying.");
        answer.set(route -> succeed(route, state));
        assertThat(wave("production")).isVisible();
    }

    /** Jenkins answers again, and the page goes on by itself without having moved. */
    private void assertRecovers(JsonObject state, Object summaryTopBefore) {
        answer.set(route -> succeed(route, state));
        elapse(30);
        assertThat(notice()).hasCount(0);
        assertThat(page.locator(".gitops-live")).hasText("live");
        assertThat(summaryTop()).isEqualTo(summaryTopBefore);
    }

    private Locator notice() {
        return page.locator(".gitops-notice .jenkins-alert");
    }

    private Object summaryTop() {
        return page.evaluate("document.querySelector('.gitops-summary').getBoundingClientRect().top");
    }

    /** Lets time pass for the page, and then its requests come back. */
    private void elapse(int seconds) {
        page.clock().runFor(seconds * 1000L);
        page.waitForCondition(() -> requests.get() == answers.get());
        page.evaluate("() => new Promise(done => queueMicrotask(done))");
    }

    private static void refuse(Route route, int status, String type, String body) {
        route.fulfill(new Route.FulfillOptions()
                .setStatus(status)
                .setContentType(type)
                .setBody(body));
    }

    private static void succeed(Route route, JsonObject state) {
        refuse(route, 200, "application/json", state.toString());
    }

    @Test
    void aHiddenPageAsksForNothing() throws Exception {
        openWith(json(new SmallStates(Instant.now()).good()));
        page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })");
        page.waitForTimeout(2500);
        int before = requests.get();
        page.waitForTimeout(4500);
        assertThat(requests.get()).isEqualTo(before);

        page.evaluate("() => { Object.defineProperty(document, 'hidden', { value: false, configurable: true });"
                + " document.dispatchEvent(new Event('visibilitychange')); }");
        page.waitForTimeout(4500);
        assertThat(requests.get() - before).isBetween(1, 4);
    }
}
