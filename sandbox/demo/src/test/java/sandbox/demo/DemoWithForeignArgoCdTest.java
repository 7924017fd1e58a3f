package sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sandbox/gitops demo --argocd URL}, with an Argo CD that the demo has not started. */
class DemoWithForeignArgoCdTest {

    private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private ForeignArgoCd argo;

    @BeforeEach
    void begin() throws IOException {
        argo = new ForeignArgoCd(folder.resolve("argo-cd"));
    }

    @AfterEach
    void end() {
        argo.close();
    }

    private int run() {
        PrintStream stream = new PrintStream(output, true, StandardCharsets.UTF_8);
        return Demo.run(
                PROJECT,
                folder.resolve("kept"),
                Demo.NO_PORT,
                argo.access(),
                new DemoScreen(stream, stream, false, false));
    }

    private String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theDemoHoldsAndLeavesNothingBehind() {
        assertThat(run()).as("%s", output).isZero();

        assertThat(output()).contains("(yours: 9 applications", "✓ 15", "All of it held");
        assertThat(argo.there()).isEmpty();
        assertThat(folder.resolve("kept/argocd.jsonl"))
                .content()
                .contains("/api/v1/applications", "production-asia")
                .doesNotContain(ForeignArgoCd.ADMIN, "Bearer", "\"password\"");
    }

    @Test
    void anArgoCdThatHasSuchAProjectIsLeftAsItIs() {
        argo.has("projects/shop");
        argo.has("applications/production-eu");

        assertThat(run()).isOne();
        assertThat(output()).contains("This Argo CD has a project shop already", "give it an Argo CD for trials");
        assertThat(argo.there()).containsExactly("applications/production-eu", "projects/shop");
    }

    @Test
    void aDemoThatMayNotMakeWhatItNeedsSaysSoAndRemovesWhatItHasMade() {
        argo.refuse("applicationsets");

        assertThat(run()).isOne();
        assertThat(output())
                .contains("Argo CD answers POST /api/v1/applicationsets with 403")
                .contains("permission denied: applicationsets, create")
                .doesNotContain(ForeignArgoCd.ADMIN);
        assertThat(argo.there()).isEmpty();
    }
}
