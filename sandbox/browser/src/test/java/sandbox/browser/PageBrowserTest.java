package sandbox.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.ci.CommitRange;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.explain.ReleaseNames;
import io.jenkins.plugins.gitops.images.ImageRef;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    /** The rows of the table of a tab, which is opened. */
    private Locator rows(String tab) {
        return tab(tab).locator("tbody tr");
    }

    private Locator cell(String service, int column) {
        return rows("services")
                .filter(new Locator.FilterOptions().setHasText(service))
                .locator("> *")
                .nth(column);
    }

    @Test
    void showsEachWaveWithItsReleaseAndTheOneGateThatIsClosed() throws IOException {
        open(new SmallStates(Instant.now()).troubled());

        assertThat(page.locator(".gitops-summary"))
                .containsText("1 of 10 targets is unwell; production is held until ");
        assertThat(page.locator(".gitops-summary"))
                .containsText("(Black Friday: nothing goes out until Monday); the queued change waits for ci/policy.");
        assertThat(wave("staging").locator(".gitops-pill")).hasText("unwell 1/2");
        assertThat(wave("staging").locator(".gitops-which")).containsText("#4 → #5");
        assertThat(wave("staging")).containsText("staging-us-1");
        assertThat(wave("internal").locator(".gitops-pill")).hasText("up to date");
        assertThat(wave("internal").locator(".gitops-since")).hasText("18 min");
        assertThat(wave("internal")).containsText("was #2");
        assertThat(wave("production").locator(".gitops-pill")).hasText("held");
        assertThat(arrow("internal")).containsText("#5 2 services");
        assertThat(arrow("internal").locator(".gitops-closed")).containsText("not healthy");
        assertThat(arrow("production").locator(".gitops-closed")).containsText("held +1");
        assertThat(wave("internal").locator(".gitops-chip a").first())
                .hasAttribute("href", "https://jenkins.example.com/job/shop/3/");
        assertThat(page.locator(".gitops-queue-node")).containsText("#6 ci/policy");
        assertThat(page.locator(".gitops-chooser a")).hasText(new String[] {"shop", "another"});
    }

    @Test
    void oneReleaseHasOneNameInAllWavesAndTheTimelineSaysWhenItRan() throws IOException {
        open(new SmallStates(Instant.now()).good());

        assertThat(lane("staging").locator(".gitops-part").last())
                .hasAttribute("aria-label", Pattern.compile("#6, from .* to now, 14 min"));
        button(page.locator(".gitops-timeline"), "6 h").click();
        assertThat(lane("production").locator(".gitops-part-name").last()).hasText("#4");
        assertThat(lane("internal").locator(".gitops-part-name").last()).hasText("#5");
        assertThat(wave("staging").locator(".gitops-pill")).hasText("soaking 14 of 30 min");
        button(page.locator(".gitops-timeline"), "30 d").click();
        assertThat(lane("production").locator(".gitops-part")).hasCount(4);
        String color = wave("internal").locator(".gitops-chip").first().getAttribute("class");
        assertThat(lane("internal").locator(".gitops-part").last().getAttribute("class"))
                .contains(color.substring(color.lastIndexOf(' ') + 1));
    }

    @Test
    void theTimelineHasEarlierHoldsAndIsZoomed() throws IOException {
        open(new SmallStates(Instant.now()).troubled());

        Locator hold = lane("internal").locator(".gitops-hold-mark");
        assertThat(hold).hasCount(1);
        assertThat(hold).hasAttribute("title", Pattern.compile("held from .* to .*: The database is moved"));
        assertThat(lane("production").locator(".gitops-hold-mark")).hasCount(1);
        double before = hold.boundingBox().width;
        var track = lane("internal").locator(".gitops-track").boundingBox();
        var box = hold.boundingBox();
        page.mouse().move(box.x - 20, track.y + 5);
        page.mouse().down();
        page.mouse().move(box.x + box.width, track.y + 8);
        assertThat(page.locator(".gitops-chosen-mark")).hasCount(1);
        page.mouse().move(box.x + box.width + 20, track.y + 8);
        page.mouse().up();

        assertThat(page.locator(".gitops-chosen-mark")).hasCount(0);
        assertThat(page.locator(".gitops-range[aria-pressed=true]")).hasCount(0);
        assertThat(hold.boundingBox().width).isGreaterThan(before * 4);
        page.locator("[aria-label=Later]").click();
        page.locator("[aria-label=Later]").click();
        assertThat(hold).hasCount(0);
        button(page.locator(".gitops-timeline"), "latest").click();
        assertThat(page.locator("[aria-label=Later]")).hasAttribute("aria-disabled", "true");
        assertThat(hold).hasCount(1);
    }

    @Test
    void whatWouldMoveHasItsCommitsWithSubjectsAndAuthors() throws IOException {
        var small = new SmallStates(Instant.now());
        host = new PageHost(small.good(), Rights.EVERYTHING);
        host.setCommits(small.commits());
        open(host.url(), ColorScheme.LIGHT);

        assertThat(arrow("internal").locator(".gitops-what")).hasText("#6 2 services3 commits");
        arrow("production").locator(".gitops-what").click();
        assertThat(dialog().locator("summary").first()).hasText("3 commits by Sam Okafor, Aiko Tanaka, Jonas Weber");
        assertThat(dialog().locator(".gitops-commits li")).hasCount(3);
        assertThat(dialog().locator(".gitops-commits a").first())
                .hasAttribute("href", Pattern.compile("https://git.example.com/acme/app/commit/[0-9a-f]{40}"));
        assertThat(dialog()).containsText("Commits of the application from #4 to #5");
        page.keyboard().press("Escape");

        String problem = "GitHub (https://api.github.com) refuses the token (401): it is wrong or expired.";
        host.setCommits(Map.of(
                small.commits().keySet().iterator().next(),
                CommitRange.of(List.of(), 0, false),
                pair(small, "production"),
                CommitRange.unknown(problem)));
        assertThat(arrow("internal")).not().containsText("commits");
        arrow("production").locator(".gitops-what").click();
        assertThat(dialog()).containsText("Which commits these are could not be read: " + problem);
        assertThat(dialog()).containsText("Commits of the application from #4 to #5");
    }

    /** The two commits between which what would move to a wave is, as the state names them. */
    private static String pair(SmallStates small, String wave) {
        ReleaseNames names = ReleaseNames.of(small.good());
        return small.good().waves().stream()
                .filter(each -> each.path().wave().equals(wave))
                .map(each -> names.find(each.images().identity())
                                .orElseThrow()
                                .appSha()
                                .orElseThrow()
                        + ".."
                        + names.find(each.live()
                                        .orElseThrow()
                                        .next()
                                        .orElseThrow()
                                        .identity())
                                .orElseThrow()
                                .appSha()
                                .orElseThrow())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whereNothingWasDeliveredItSaysWhatToDo() throws IOException {
        open(new SmallStates(Instant.now()).empty());

        assertThat(page.locator(".gitops-summary")).containsText("Nothing has been delivered yet");
        assertThat(wave("staging")).containsText("Build a job with commitConfig for this wave.");
        assertThat(button(wave("staging"), "Roll back")).hasCount(0);
        assertThat(rows("services")).hasCount(0);
        assertThat(barriers()).isEmpty();
    }

    @Test
    void showsWhatDiffersInWordsAndSharesEqualDigests() throws IOException {
        open(SOME.make());

        assertThat(tab("services").locator("thead th"))
                .hasText(new String[] {"Service", "wave0", "wave1", "wave2", "wave3"});
        assertThat(rows("services")).hasCount(100);
        assertThat(tab("services").locator(".gitops-pager")).containsText("1 to 100 of 120");
        assertThat(cell("service003", 1)).not().containsText("differs");
        assertThat(cell("service003", 2)).containsText("digest differs from the wave before");
        assertThat(cell("service001", 1)).hasAttribute("colspan", "4");
        assertThat(cell("service001", 1)).containsText("a change is queued");
        assertThat(arrow("wave1").locator(".gitops-gate")).containsText("ci/generated");
        assertThat(tab("targets").locator("details[open] li").first()).containsText("back-off restarting");
        assertThat(rows("queue").first().locator("ul").first()).containsText("ci/generated pending");
        rows("queue").first().locator("summary").click();
        Locator why = rows("queue").first().locator("details li").first();
        assertThat(why).containsText("is queued in cfg-app since 25 Nov 2026, ");
        assertThat(why.locator("time")).hasAttribute("datetime", "2026-11-25T09:00:00Z");
        assertThat(rows("rejected")).containsText("leaks");
        assertThat(rows("history")).hasCount(100);
        assertThat(tab("history").locator(".gitops-pager")).containsText("1 to 100 of 130");
    }

    @Test
    void theHistoryHasHoldsTooAndIsFiltered() throws IOException {
        open(new SmallStates(Instant.now()).troubled());

        Locator hold = rows("history").filter(new Locator.FilterOptions().setHasText("production is held"));
        assertThat(hold).containsText("Black Friday");
        assertThat(hold).containsText("maria.keller");
        button(tab("history"), "Not merged").click();
        assertThat(rows("history")).hasCount(1);
        assertThat(rows("history")).containsText("ci/policy");
    }

    @Test
    void aDigestLeadsToServicesTargetsAndChangesAndLightsThePicture() throws IOException {
        open(SOME.make());
        var now = BigState.image(3, 1);
        var then = BigState.image(7, 107);

        search(now.digest().substring(20, 40));
        assertThat(rows("services")).hasCount(1);
        assertThat(rows("services")).containsText("service003");
        assertThat(page.locator("#tab-targets .gitops-count")).hasText("15 of 60");
        assertThat(page.locator(".gitops-cell:not(.gitops-dim) [data-wave]")).hasCount(1);
        assertThat(page.locator(".gitops-cell:not(.gitops-dim) [data-wave=wave1]"))
                .hasCount(1);

        search(then.digest());
        assertThat(rows("history")).hasCount(1);
        assertThat(rows("history")).containsText("chore: update app");
        assertThat(tab("services")).containsText("Nothing is found.");
        assertThat(page).hasURL(host.url() + "?q=" + then.digest().replace(":", "%3A") + "#services");

        search("promote wave1");
        assertThat(page.locator("#tab-history .gitops-count")).hasText("7 of 130");
        search("ended-");
        assertThat(page.locator("#tab-history .gitops-count")).hasText("0 of 130");
        search("#12");
        assertThat(rows("history")).hasCount(1);
        search("");
        tab("services").locator(".gitops-check input").check();
        assertThat(page.locator("#tab-services .gitops-count")).hasText("72 of 120");
    }

    @Test
    void anAddressHasASearchAndATabInIt() throws IOException {
        host = new PageHost(SOME.make(), Rights.VIEW);
        open(host.url() + "?q=service077#history", ColorScheme.LIGHT);

        assertThat(page.locator("#tab-history")).hasAttribute("aria-selected", "true");
        assertThat(rows("services")).hasCount(1);
        assertThat(page.locator("#gitops-query")).hasValue("service077");
    }

    @Test
    void goesWithTheKeyboardAlone() throws IOException {
        open(SOME.make());

        page.keyboard().press("/");
        page.keyboard().type("service");
        assertThat(page.locator("#gitops-query")).isFocused();
        Locator later = button(tab("services"), "Next");
        later.focus();
        page.keyboard().press("Enter");
        assertThat(page.locator("#services .gitops-pager")).containsText("101 to 120 of 120");
        page.keyboard().press("Enter");
        assertThat(later).isFocused();
        page.locator("#tab-services").focus();
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("#tab-targets")).isFocused();
        assertThat(page.locator("#targets")).isVisible();

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
        page.evaluate("document.querySelector('#services tbody tr:nth-child(20)').mine = 'the same'");
        page.evaluate("document.querySelector('.gitops-scroll').scrollTop = 300");

        var auto = new ArrayList<>(before.auto());
        auto.remove(0);
        host.set(with(before, auto), Optional.empty());

        assertThat(page.locator(".gitops-queue-node .gitops-count")).hasText("4");
        assertThat(page.evaluate("document.querySelector('#services tbody tr:nth-child(20)').mine"))
                .isEqualTo("the same");
        assertThat(page.locator("#gitops-query")).isFocused();
        assertThat(page.evaluate("document.querySelector('.gitops-scroll').scrollTop"))
                .isIn(299, 300);
    }

    @Test
    void manyServicesWavesAndTargetsFitTwoScreensAndProductionIsSeenOnATelephone() throws IOException {
        open(new BigState(60, 6, 180, 5, 500).make());
        assertThat((Integer) page.evaluate("document.documentElement.scrollHeight"))
                .isLessThanOrEqualTo(1800);

        page.setViewportSize(400, 900);
        assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                .isTrue();
        Locator last = page.locator(".gitops-strip a").last();
        assertThat(last).hasText(Pattern.compile("wave5 .*"));
        assertThat(last.boundingBox().y).isLessThan(400);
        last.click();
        assertThat(wave("wave5").boundingBox().y).isBetween(0.0, 900.0);
        assertThat(page.locator("#tab-services")).hasAttribute("aria-selected", "true");
        page.close();
        host.close();
        open(new SmallStates(Instant.now()).good());
        page.setViewportSize(400, 900);
        assertThat(wave("production").boundingBox().y).isLessThan(900);
        page.setViewportSize(2500, 900);
        assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                .isTrue();
    }

    @Test
    void fiftyWavesInATreeAreDrawnAsATree() throws IOException {
        RepositoryState before = FEW.make();
        var waves = new ArrayList<RepositoryState.WaveSnapshot>();
        for (int wave = 0; wave < 50; wave++) {
            RepositoryState.WaveSnapshot like = before.waves().get(Math.min(wave, 3));
            waves.add(new RepositoryState.WaveSnapshot(
                    WavePath.of("wave" + wave),
                    wave == 0 ? List.of() : List.of("wave" + (wave - 1) / 7),
                    like.images(),
                    like.state(),
                    RepositoryState.WaveWarnings.NONE,
                    like.live()));
        }
        open(new RepositoryState(
                before.head(), List.of(), waves, before.rejections(), RepositoryState.Past.NONE, List.of()));

        assertThat(page.locator("[data-wave]")).hasCount(50);
        assertThat(page.locator(".gitops-graph")).hasCount(1);
        double parent = wave("wave1").boundingBox().x;
        assertThat(wave("wave8").boundingBox().x).isGreaterThan(parent);
        assertThat(wave("wave8").boundingBox().y).isEqualTo(wave("wave1").boundingBox().y);
        assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                .isTrue();
    }

    private static RepositoryState with(RepositoryState state, List<RepositoryState.QueuedChange> auto) {
        return new RepositoryState(
                state.head(), auto, state.waves(), state.rejections(), state.past(), state.problems());
    }

    @Test
    void keepsNobodyOutInLightAndDark() throws IOException {
        open(FEW.make());
        assertThat(barriers()).isEmpty();
        Object light = page.evaluate("getComputedStyle(document.body).backgroundColor");
        for (String tab : List.of("targets", "queue", "history", "rejected", "hooks")) {
            tab(tab);
            assertThat(barriers()).as(tab).isEmpty();
        }
        arrow("wave2").locator("button").first().click();
        assertThat(dialog()).isVisible();
        assertThat(barriers()).isEmpty();

        page.emulateMedia(new com.microsoft.playwright.Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo(light);
        assertThat(barriers()).isEmpty();
    }

    @Test
    void whoMayNotHasNoButtons() throws Exception {
        open(SOME.make(), ColorScheme.LIGHT, Rights.VIEW);

        assertThat(wave("wave1").locator("button")).hasText(new String[] {"Why"});
        assertThat(arrow("wave2").locator(".gitops-go")).hasCount(0);
        button(rows("services").first(), "service000").click();
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
        assertThat(rows("services")).hasCount(100);
        assertThat(page.locator(".gitops-live")).hasText("not live");

        host.set(host.state(), Optional.empty());
        assertThat(alert).hasCount(0);
    }

    @Test
    void whereOnlyATagDiffersTheImageIsOneAndTheOtherTagIsGrey() throws IOException {
        RepositoryState before = FEW.make();
        RepositoryState.WaveSnapshot second = before.waves().get(1);
        var images = new TreeMap<>(second.images().images());
        ImageRef same = images.get("service001");
        images.put("service001", new ImageRef(same.repository(), "v2.0.1", same.digest()));
        var waves = new ArrayList<>(before.waves());
        waves.set(
                1,
                new RepositoryState.WaveSnapshot(
                        second.path(),
                        second.promotesFrom(),
                        ImageSet.of(images),
                        second.state(),
                        second.warnings(),
                        second.live()));
        open(new RepositoryState(
                before.head(), List.of(), waves, before.rejections(), RepositoryState.Past.NONE, List.of()));

        Locator chip = cell("service001", 1);
        assertThat(chip).hasAttribute("colspan", String.valueOf(waves.size()));
        assertThat(chip.locator(".gitops-differs")).hasCount(0);
        assertThat(chip.locator("code .gitops-soft")).hasText(", v2.0.1");
        assertThat(chip.locator("code"))
                .hasAttribute(
                        "title",
                        waves.stream()
                                .map(wave -> wave.path() + ": "
                                        + wave.images()
                                                .images()
                                                .get("service001")
                                                .tag() + "\n")
                                .collect(Collectors.joining(
                                        "", "", "docker.example.com/acme/service001@" + same.digest())));

        page.locator("#services input[type=checkbox]").check();
        assertThat(rows("services").filter(new Locator.FilterOptions().setHasText("service001")))
                .hasCount(0);
    }

    @Test
    void aServiceOrWaveMayBeCalledAsAPropertyOfEveryObject() throws IOException {
        RepositoryState before = FEW.make();
        var images = new TreeMap<>(Map.of("constructor", BigState.image(1, 1), "toString", BigState.image(2, 1)));
        var next = new RepositoryState.NextPromotion(
                "wave1",
                List.of("wave1"),
                "a".repeat(40),
                "b".repeat(64),
                List.copyOf(images.keySet()),
                images,
                List.of());
        var live = new RepositoryState.LiveState(
                before.waves().get(1).live().orElseThrow().rollout(), Optional.of(next));
        var waves = new ArrayList<>(before.waves());
        waves.add(new RepositoryState.WaveSnapshot(
                WavePath.of("constructor"),
                List.of("wave1"),
                ImageSet.EMPTY,
                new WaveState(Optional.empty(), false, Optional.empty(), List.of()),
                RepositoryState.WaveWarnings.NONE,
                Optional.of(live)));
        open(new RepositoryState(
                before.head(), List.of(), waves, before.rejections(), RepositoryState.Past.NONE, List.of()));

        assertThat(cell("service001", 2)).containsText("missing here");
        button(arrow("constructor"), "Promote").click();
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
        var queued = new RepositoryState.QueuedChange(
                ChangeStatus.of("hostile-0001", "f".repeat(40), markup, rtl + long10000, BigState.NOW),
                Optional.of(trailers),
                Verdict.Color.GREEN);
        var waves = new ArrayList<>(before.waves());
        waves.add(new RepositoryState.WaveSnapshot(
                WavePath.of("last"),
                List.of("wave3"),
                ImageSet.EMPTY,
                new WaveState(
                        Optional.empty(),
                        false,
                        Optional.of(new Hold(markup, rtl, BigState.NOW, Optional.empty())),
                        List.of()),
                new RepositoryState.WaveWarnings(Optional.of(markup), Optional.of(markup), Optional.of(markup)),
                Optional.empty()));
        open(new RepositoryState(
                before.head(),
                List.of(queued),
                waves,
                new RejectedImages(new TreeMap<>(Map.of(markup, new RejectedImages.Rejection(rtl, markup, markup)))),
                RepositoryState.Past.NONE,
                List.of()));

        assertThat(rows("queue").locator("th")).containsText(markup);
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
