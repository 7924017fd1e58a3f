package sandbox.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests where a build's page shows the delivery, in the markup of Jenkins 2.541.3. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BuildPageBrowserTest extends BrowserTestBase {

    private static final String STYLE = "/io/jenkins/plugins/gitops/build/delivery.css";

    /** What {@code lib/hudson/summary.jelly} makes of a row. */
    private static String row(String id, String content) {
        return "<tr class='app-summary' id='" + id + "'><td><svg width='48' height='48'></svg></td>"
                + "<td style='vertical-align:middle'>" + content + "</td></tr>";
    }

    private static String style() throws IOException {
        try (InputStream style = BuildPageBrowserTest.class.getResourceAsStream(STYLE)) {
            return new String(Objects.requireNonNull(style).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The rows from top to bottom. */
    private List<?> shown() {
        return (List<?>) page.evaluate("[...document.querySelectorAll('.app-summary')]"
                + ".sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).map(row => row.id)");
    }

    @Test
    void theDeliveryIsAboveTheArtifactsInTheSameColumns() throws IOException {
        openBlank();
        page.setContent("<style>" + style() + "</style><table>"
                + row(
                        "artifacts",
                        "<a href='#'>Build Artifacts</a><table class='fileList'><tr><td>a.txt</td></tr></table>")
                + row("timings", "This run spent")
                + row("delivery", "<div class='gitops-waves'><a href='#'>main</a></div>")
                + row("changes", "No changes.") + "</table>");

        assertThat(shown()).isEqualTo(List.of("delivery", "artifacts", "timings", "changes"));
        assertThat(page.evaluate("new Set([...document.querySelectorAll('.app-summary > td:last-child')]"
                        + ".map(cell => cell.getBoundingClientRect().left)).size"))
                .isEqualTo(1);
    }

    @Test
    void otherRowsStayWhereThereIsNoDelivery() throws IOException {
        openBlank();
        page.setContent("<style>" + style() + "</style><table>" + row("artifacts", "Build Artifacts")
                + row("changes", "No changes.") + "</table>");

        assertThat(shown()).isEqualTo(List.of("artifacts", "changes"));
        assertThat(page.evaluate("getComputedStyle(document.querySelector('tbody')).display"))
                .isEqualTo("table-row-group");
    }
}
