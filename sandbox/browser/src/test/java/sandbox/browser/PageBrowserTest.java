package sandbox.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sandbox.runner.PageShell.Rights;

/** Tests how the page shows a state: texts, layout, keyboard and pointer input, and accessibility. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PageBrowserTest extends BrowserTestBase {

    private static final BigState SOME = new BigState(120, 4, 60, 5, 130);

    /** A small state, since axe applies many rules to each element of a page. */
    private static final BigState FEW = new BigState(5, 4, 4, 2, 4);

    private PageHost host;

    @AfterEach
    void stop() {
        if (host != null) {
            // Closed first: an open page would report errors when its server has stopped.
            page.close();
            host.close();
        }
    }

    private void open(RepositoryState state, ColorScheme scheme, Rights rights) throws IOException {
        host = new PageHost(state, rights);
        open(host.url(), scheme);
    }

    private void open(RepositoryState state) throws IOException {
        open(state, ColorScheme.LIGHT, Rights.EVERYTHING);
    }

    private Locator rows(String part) {
        return part(part).locator("tbody tr");
    }

    private Locator cell(String service, int column) {
        return rows("images")
                .filter(new Locator.FilterOptions().setHasText(service))
                .locator("> *")
                .nth(column);
    }

    @Test
    void showsWhatIsWhereAndWhatDiffersInWords() throws IOException {
        open(SOME.make());

        assertThat(part("images").locator("thead th"))
                .hasText(new String[] {"Service", "wave0", "wave1", "wave2", "wave3"});
        assertThat(rows("images")).hasCount(50);
        assertThat(cell("service003", 1)).not().containsText("differ");
        assertThat(cell("service003", 2)).containsText("tag and digest differ");
        assertThat(cell("service001", 1)).containsText("a change is queued");
        assertThat(rows("targets").first()).containsText("back-off restarting");
        assertThat(wave("wave1")).containsText("does not hold soak: it has run for one hour.");
        assertThat(wave("wave2")).containsText("may be promoted now");
        assertThat(wave("wave2")).containsText("wave2-target-50: Argo CD says: back-off restarting failed container.");
        assertThat(rows("queue").first().locator("ul").first()).containsText("ci/generated pending");
        Locator why = rows("queue").first().locator("details li").first();
        assertThat(why).containsText("is queued in cfg-app since 25 Nov 2026, ");
        assertThat(why.locator("time")).hasAttribute("datetime", "2026-11-25T09:00:00Z");
        assertThat(rows("rejected")).containsText("leaks");
        assertThat(rows("history")).hasCount(50);
        assertThat(part("history").locator(".gitops-pager")).containsText("1 to 50 of 130");
        assertThat(page.locator(".gitops-chooser a")).hasText(new String[] {"cfg-app", "another"});
    }

    @Test
    void aDigestLeadsToServicesTargetsAndChanges() throws IOException {
        open(SOME.make());
        var now = BigState.image(3, 1);
        var then = BigState.image(7, 107);

        search(now.digest().substring(0, 30));
        assertThat(rows("images")).hasCount(1);
        assertThat(rows("images")).containsText("service003");
        assertThat(part("targets").locator(".gitops-count")).hasText("15 of 60");
        assertThat(rows("targets").first()).containsText("wave1");

        search(then.digest());
        assertThat(rows("history")).hasCount(1);
        assertThat(rows("history")).containsText("ended-");
        assertThat(part("images")).containsText("Nothing is found.");
        assertThat(page).hasURL(host.url() + "?q=" + then.digest().replace(":", "%3A"));

        search("promote wave1");
        assertThat(part("history").locator(".gitops-count")).hasText("7 of 130");
        search("");
        page.locator(".gitops-check input").check();
        assertThat(part("images").locator(".gitops-count")).hasText("72 of 120");
    }

    @Test
    void anAddressHasASearchInIt() throws IOException {
        host = new PageHost(SOME.make(), Rights.VIEW);
        open(host.url() + "?q=service077", ColorScheme.LIGHT);

        assertThat(rows("images")).hasCount(1);
        assertThat(page.locator("#gitops-query")).hasValue("service077");
    }

    @Test
    void goesWithTheKeyboardAlone() throws IOException {
        open(SOME.make());

        page.keyboard().press("/");
        page.keyboard().type("service");
        assertThat(page.locator("#gitops-query")).isFocused();
        Locator later = button(part("images"), "Next");
        later.focus();
        page.keyboard().press("Enter");
        assertThat(part("images").locator(".gitops-pager")).containsText("51 to 100 of 120");
        page.keyboard().press("Enter");
        page.keyboard().press("Enter");
        assertThat(part("images").locator(".gitops-pager")).containsText("101 to 120 of 120");
        assertThat(later).isFocused();

        Locator hold = button(wave("wave1"), "Hold");
        hold.focus();
        page.keyboard().press("Enter");
        assertThat(dialog()).containsText("Nothing but a rollback gets into wave1");
        page.keyboard().press("Tab");
        assertThat(dialog().locator("input[name=reason]")).isFocused();
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(hold).isFocused();
    }

    @Test
    void anUpdateLeavesAloneWhatStays() throws IOException {
        RepositoryState before = SOME.make();
        open(before);
        search("service0");
        page.evaluate("document.querySelector('#images tbody tr:nth-child(20)').mine = 'the same'");
        page.evaluate("window.scrollTo(0, 700)");

        var auto = new ArrayList<>(before.auto());
        auto.remove(0);
        host.set(with(before, auto), Optional.empty());

        assertThat(rows("queue")).hasCount(4);
        assertThat(page.evaluate("document.querySelector('#images tbody tr:nth-child(20)').mine"))
                .isEqualTo("the same");
        assertThat(page.locator("#gitops-query")).isFocused();
        assertThat(page.evaluate("window.scrollY")).isEqualTo(700);
    }

    private static RepositoryState with(RepositoryState state, List<RepositoryState.Queued> auto) {
        return new RepositoryState(
                state.repository(),
                state.mainBranch(),
                state.main(),
                state.at(),
                auto,
                state.waves(),
                state.rejections(),
                state.history(),
                state.brought(),
                state.problems());
    }

    @Test
    void keepsNobodyOutInLightAndDark() throws IOException {
        open(FEW.make());
        assertThat(barriers()).isEmpty();
        Object light = page.evaluate("getComputedStyle(document.body).backgroundColor");
        button(wave("wave1"), "Promote").click();
        assertThat(barriers()).isEmpty();

        page.emulateMedia(new com.microsoft.playwright.Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo(light);
        assertThat(barriers()).isEmpty();
    }

    @Test
    void whoMayNotHasNoButtons() throws Exception {
        open(SOME.make(), ColorScheme.LIGHT, Rights.VIEW);

        assertThat(page.locator(".gitops-buttons")).hasCount(0);
        button(rows("images").first(), "service000").click();
        assertThat(dialog()).containsText("sha256:");
        assertThat(button(dialog(), "Reject")).hasCount(0);
        assertThat(post("hold", "wave=wave1&reason=x")).isEqualTo(403);
    }

    @Test
    void aClickFromAnotherPageIsRefused() throws Exception {
        open(SOME.make());

        assertThat(post("hold", "wave=wave1&reason=x")).isEqualTo(403);
    }

    private int post(String action, String form) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(host.url() + action))
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void aRemoteThatIsDownLeavesTheLastStateAndSaysSinceWhen() throws IOException {
        open(SOME.make());

        host.set(host.state(), Optional.of("The config repository cannot be reached: connection refused."));
        Locator alert = page.locator(".jenkins-alert-danger");
        assertThat(alert).containsText("connection refused");
        assertThat(alert.locator("time")).hasAttribute("datetime", BigState.NOW.toString());
        assertThat(rows("images")).hasCount(50);

        host.set(host.state(), Optional.empty());
        assertThat(alert).hasCount(0);
    }

    @Test
    void aServiceOrWaveMayBeCalledAsAPropertyOfEveryObject() throws IOException {
        RepositoryState before = FEW.make();
        var images = new TreeMap<>(Map.of("constructor", BigState.image(1, 1), "toString", BigState.image(2, 1)));
        var next = new RepositoryState.Next(
                "wave1", List.of("wave1"), "a".repeat(40), "b".repeat(64), List.copyOf(images.keySet()), images, List.of());
        var live = new RepositoryState.Live(
                before.waves().get(1).live().orElseThrow().rollout(), Optional.of(next));
        var waves = new ArrayList<>(before.waves());
        waves.add(new RepositoryState.Wave(
                WavePath.of("constructor"),
                List.of("wave1"),
                ImageSet.EMPTY,
                Optional.empty(),
                new WaveState(Optional.empty(), false, Optional.empty(), List.of()),
                Optional.empty(),
                Optional.empty(),
                Optional.of(live)));
        open(new RepositoryState(
                before.repository(),
                "main",
                before.main(),
                before.at(),
                List.of(),
                waves,
                before.rejections(),
                List.of(),
                Map.of(),
                List.of()));

        assertThat(cell("service001", 5)).containsText("missing here");
        button(wave("constructor"), "Promote").click();
        assertThat(dialog().locator(".gitops-changes li").first()).containsText("constructor: none → ");
        assertThat(dialog().locator(".gitops-changes li").last()).containsText("toString: none → ");
    }

    @Test
    void whateverTextsSayTheyStayTexts() throws IOException {
        String markup = "<img src=x onerror=\"document.title='owned'\">' \"quoted\" </script>";
        String rtl = "\u202Eetirw ot yrt\u202C 🚀 \u200F";
        String long10000 = "x".repeat(10_000);
        RepositoryState before = FEW.make();
        ChangeTrailers trailers = ChangeTrailers.builder("hostile-0001", ChangeOperation.ANNOUNCE, WavePath.of("wave1"))
                .services(new TreeSet<>(List.of("service001")))
                .reason(markup)
                .buildUrl("javascript:document.title='owned'")
                .build();
        var queued = new RepositoryState.Queued(
                new ChangeStatus(
                        "hostile-0001",
                        "f".repeat(40),
                        markup,
                        rtl + long10000,
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        BigState.NOW),
                Optional.of(trailers),
                Verdict.Color.GREEN);
        var waves = new ArrayList<>(before.waves());
        waves.add(new RepositoryState.Wave(
                WavePath.of("last"),
                List.of("wave3"),
                ImageSet.EMPTY,
                Optional.of(markup),
                new WaveState(
                        Optional.empty(),
                        false,
                        Optional.of(new Hold(markup, rtl, BigState.NOW, Optional.empty())),
                        List.of()),
                Optional.of(markup),
                Optional.of(markup),
                Optional.empty()));
        open(new RepositoryState(
                before.repository(),
                "main",
                before.main(),
                before.at(),
                List.of(queued),
                waves,
                new RejectedImages(new TreeMap<>(Map.of(markup, new RejectedImages.Rejection(rtl, markup, markup)))),
                List.of(),
                Map.of(),
                List.of()));

        assertThat(rows("queue").locator(".gitops-subject")).hasText(markup);
        assertThat(wave("last")).containsText(markup);
        assertThat(page.locator("#gitops-waves img, #gitops-waves script, a[href^=javascript]"))
                .hasCount(0);
        assertThat(rows("queue").locator("td").last().locator("> bdi")).containsText("…");
        assertThat(page.title()).isEqualTo("cfg-app");
        assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                .isTrue();
        assertThat(barriers()).isEmpty();
    }
}
