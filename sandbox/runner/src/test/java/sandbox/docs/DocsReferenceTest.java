package sandbox.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import jenkins.model.SandboxHome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference says what the forms say. With {@code REWRITE_DOCS=true} in the environment it is written anew. */
class DocsReferenceTest {

    private static final Path REFERENCE = MarkdownPage.PROJECT.resolve("docs/reference");

    @TempDir
    Path folder;

    private SandboxHome home;

    @BeforeEach
    void open() {
        home = SandboxHome.open(folder);
    }

    @AfterEach
    void close() {
        home.close();
    }

    @Test
    void stepsAndTriggers() throws IOException {
        assertIsCurrent("step-parameters.md", ReferencePages::steps);
    }

    @Test
    void configuration() throws IOException {
        assertIsCurrent("configuration-fields.md", ReferencePages::configuration);
    }

    private static void assertIsCurrent(String name, Supplier<String> made) throws IOException {
        Path file = REFERENCE.resolve(name);
        if ("true".equals(System.getenv("REWRITE_DOCS"))) {
            Files.createDirectories(REFERENCE);
            Files.writeString(file, made.get());
        }
        assertThat(file)
                .as(
                        "docs/reference/%s is not what the help texts say; write it anew with: "
                                + "REWRITE_DOCS=true sandbox/gitops test -k DocsReference",
                        name)
                .hasContent(made.get());
    }
}
