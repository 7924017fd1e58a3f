package sandbox.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.world.JavaProcess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command {@code chaos} as a process of its own. */
@Timeout(value = 8, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChaosCommandTest {

    private record Ended(int exitCode, String output) {}

    private static Ended chaos(String... arguments) throws Exception {
        Process process = JavaProcess.of(ChaosCommand.class, List.of(arguments)).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output);
        } finally {
            process.destroy();
        }
    }

    @Test
    void aShortRunComesToRestAndEveryRuleHolds() throws Exception {
        Ended ended = chaos("--seed", "7", "--minutes", "0.2");

        assertThat(ended.output())
                .startsWith("Seed 7, 0.2 minutes, in ")
                .contains("changes that were on auto: ")
                .endsWith("Every rule held.\n");
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void wrongUsageIsExplained() throws Exception {
        for (String wrong : List.of("--seed 1.5", "--minutes soon", "--minutes", "--colour 1")) {
            Ended ended = chaos(wrong.split(" "));

            assertThat(ended.output()).contains("takes --seed N and --minutes M, not " + wrong + ".");
            assertThat(ended.exitCode()).isEqualTo(64);
        }
    }
}
