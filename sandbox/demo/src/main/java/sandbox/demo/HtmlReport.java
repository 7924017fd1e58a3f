package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import sandbox.demo.ArgoReader.Target;
import sandbox.demo.ConfigReader.Commit;
import sandbox.demo.ConfigReader.EndedChange;
import sandbox.demo.ConfigReader.Image;

/** The page {@code report.html}: the state of git and Argo CD at the end of the demo, in one file. */
final class HtmlReport {

    private static final String STYLE = "report.css";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH);

    /** The stations of a change, from left to right. */
    private static final List<String> STATIONS = List.of("app.git", "auto", "CI", "main", "Argo CD");

    private final List<ToldScene> scenes;
    private final ConfigReader config;
    private final ArgoReader argo;
    private final StringBuilder page = new StringBuilder();

    HtmlReport(List<ToldScene> scenes, ConfigReader config, ArgoReader argo) {
        this.scenes = scenes;
        this.config = config;
        this.argo = argo;
    }

    String html() throws IOException {
        page.append("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>What runs where</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                """.formatted(style()));
        head();
        scenes();
        waves();
        targets();
        changes();
        main();
        decisions();
        page.append("</main>\n</body>\n</html>\n");
        return page.toString();
    }

    private static String style() throws IOException {
        try (InputStream file = Objects.requireNonNull(HtmlReport.class.getResourceAsStream(STYLE), STYLE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void head() {
        Commit main = config.log("main").get(0);
        page.append("<h1>What runs where</h1>\n<p class=\"soft\">As of ")
                .append(time(main.date()))
                .append(", commit ")
                .append(code(shortened(main.sha())))
                .append(" of cfg-app.git. All of this was read with git and from Argo CD's REST API.</p>\n");
    }

    private void scenes() {
        section("Scenes", "What happened, what was seen, and what a pipeline with sed and git push makes of it.");
        page.append("<ol class=\"scenes\">\n");
        for (ToldScene scene : scenes) {
            page.append("<li class=\"card\"><h3>")
                    .append(escaped(scene.title()))
                    .append("</h3>");
            picture(scene.way());
            page.append("<ul>");
            scene.seen()
                    .forEach(sentence ->
                            page.append("<li>").append(escaped(sentence)).append("</li>"));
            page.append("</ul><p class=\"soft\">With sed &amp;&amp; git push: ")
                    .append(escaped(scene.otherwise()))
                    .append("<br>Look at: ")
                    .append(escaped(scene.look()))
                    .append("</p></li>\n");
        }
        page.append("</ol>\n");
    }

    /** The way of a change as a picture: the stations that it reached, and where it ended. */
    private void picture(ToldScene.Way way) {
        int reached =
                switch (way) {
                    case DEPLOYED -> STATIONS.size();
                    case EVICTED -> 3;
                    case NOWHERE -> 0;
                };
        page.append("<svg class=\"way\" viewBox=\"0 0 500 62\" role=\"img\" aria-label=\"")
                .append(escaped(
                        switch (way) {
                            case DEPLOYED -> "From app.git to Argo CD";
                            case EVICTED -> "One change ends at CI, the other goes on";
                            case NOWHERE -> "Nothing moves";
                        }))
                .append("\">");
        for (int i = 0; i < STATIONS.size(); i++) {
            int x = 50 + 100 * i;
            if (i > 0) {
                page.append("<line x1=\"" + (x - 84) + "\" y1=\"20\" x2=\"" + (x - 16) + "\" y2=\"20\" class=\""
                        + (i < reached ? "good" : "off") + "\"/>");
            }
            boolean end = way == ToldScene.Way.EVICTED && i == reached - 1;
            page.append("<circle cx=\"" + x + "\" cy=\"20\" r=\"12\" class=\""
                    + (end ? "bad" : i < reached ? "good" : "off") + "\"/>");
            if (end) {
                page.append("<path d=\"M" + (x - 5) + " 15l10 10m0 -10l-10 10\" class=\"cross\"/>");
            }
            page.append("<text x=\"" + x + "\" y=\"54\">" + STATIONS.get(i) + "</text>");
        }
        page.append("</svg>");
    }

    private void waves() {
        SortedMap<String, Map<String, Image>> waves = new TreeMap<>();
        SortedSet<String> services = new TreeSet<>();
        for (String wave : ConfigReader.WAVES) {
            waves.put(wave, config.images("main", wave));
            services.addAll(waves.get(wave).keySet());
        }
        section(
                "Waves",
                "Each service with its tag, which names the commit of the app, and the digest that its pods run."
                        + " What differs from the wave before is marked.");
        page.append("<div class=\"card\"><table class=\"stacks\">\n<thead><tr><th></th>");
        for (String wave : ConfigReader.WAVES) {
            page.append("<th scope=\"col\">").append(escaped(wave)).append("<small>");
            config.deployed(wave).ifPresent(deployed -> page.append("since ").append(time(deployed.since())));
            page.append("</small></th>");
        }
        page.append("</tr></thead>\n<tbody>\n");
        for (String service : services) {
            page.append("<tr><th scope=\"row\">").append(escaped(service)).append("</th>");
            Image before = waves.get(ConfigReader.WAVES.get(0)).get(service);
            for (String wave : ConfigReader.WAVES) {
                Image image = waves.get(wave).get(service);
                page.append("<td data-name=\"").append(escaped(wave));
                page.append(Objects.equals(image, before) ? "\">" : "\" class=\"differs\">");
                if (image != null) {
                    page.append(code(shortened(image.commit()))).append(code(image.shortDigest()));
                }
                page.append("</td>");
                before = image;
            }
            page.append("</tr>\n");
        }
        page.append("</tbody>\n</table></div>\n");
        references(waves);
    }

    private void references(SortedMap<String, Map<String, Image>> waves) {
        page.append("<details><summary>The whole references</summary><ul class=\"log card\">\n");
        for (String wave : ConfigReader.WAVES) {
            page.append("<li><span class=\"what\">").append(escaped(wave)).append("</span><pre>");
            waves.get(wave)
                    .values()
                    .forEach(image -> page.append(escaped(image.tag()))
                            .append('\n')
                            .append(escaped(image.digest()))
                            .append('\n'));
            page.append("</pre></li>\n");
        }
        page.append("</ul></details>\n");
    }

    private void targets() {
        section("Targets", "The applications of Argo CD that run each wave, as its REST API shows them.");
        page.append("<div class=\"targets\">\n");
        for (String wave : ConfigReader.WAVES) {
            page.append("<div class=\"card\"><h3>").append(escaped(wave)).append("</h3><ul>\n");
            for (Target target : argo.targets(wave)) {
                page.append("<li><b>")
                        .append(escaped(target.name()))
                        .append(badge(target.health(), target.health().equals("Healthy") ? "good" : "bad"))
                        .append("</b>")
                        .append(escaped(target.sync()))
                        .append(" with ")
                        .append(code(shortened(target.revision())))
                        .append("<div class=\"soft\">last deployed ")
                        .append(code(shortened(target.deployed())))
                        .append("</div>")
                        .append(escaped(target.message()))
                        .append("</li>\n");
            }
            page.append("</ul></div>\n");
        }
        page.append("</div>\n");
    }

    private void changes() {
        section("Changes", "How every automatic change ended, as the state ref records it.");
        page.append("<ul class=\"log card\">\n");
        for (EndedChange change : config.decided()) {
            page.append("<li class=\"row\">")
                    .append(badge(change.outcome(), change.outcome().equals("merged") ? "good" : "bad"))
                    .append("<span class=\"what\">")
                    .append(escaped(change.subject()))
                    .append("</span>")
                    .append(code(shortened(change.sha())))
                    .append("<span class=\"who\">")
                    .append(escaped(change.reason()))
                    .append("</span></li>\n");
        }
        page.append("</ul>\n");
    }

    private void main() {
        section("Main", "Every commit that was on main, with what it records and the evidence that it was green.");
        commits(config.log("main"));
    }

    private void decisions() {
        section("Decisions", "Who decided what: the log of the state ref.");
        commits(config.log(ConfigReader.STATE));
    }

    private void commits(List<Commit> commits) {
        page.append("<ul class=\"log card\">\n");
        for (Commit commit : commits) {
            page.append("<li><span class=\"what\">")
                    .append(escaped(commit.subject()))
                    .append("</span> ")
                    .append(code(shortened(commit.sha())))
                    .append("<div class=\"who\">")
                    .append(escaped(commit.author()))
                    .append(", ")
                    .append(time(commit.date()))
                    .append("</div>");
            more("What it records", commit.trailers());
            more("The evidence", commit.note());
            page.append("</li>\n");
        }
        page.append("</ul>\n");
    }

    private void more(String title, String text) {
        if (!text.isEmpty()) {
            page.append("<details><summary>")
                    .append(escaped(title))
                    .append("</summary><pre>")
                    .append(escaped(text))
                    .append("</pre></details>");
        }
    }

    private void section(String title, String introduction) {
        page.append("<h2>")
                .append(escaped(title))
                .append("</h2>\n<p class=\"soft\">")
                .append(escaped(introduction))
                .append("</p>\n");
    }

    /** Formats an ISO time as HTML; another text is only escaped. */
    private static String time(String iso) {
        try {
            return "<time datetime=\"" + escaped(iso) + "\">"
                    + TIME.format(OffsetDateTime.parse(iso).withOffsetSameInstant(ZoneOffset.UTC)) + "</time>";
        } catch (DateTimeException e) {
            return escaped(iso);
        }
    }

    private static String code(String text) {
        return "<code>" + escaped(text) + "</code>";
    }

    private static String badge(String text, String kind) {
        return "<span class=\"badge " + kind + "\">" + escaped(text) + "</span>";
    }

    /** Escapes text for an HTML element or a quoted attribute. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
