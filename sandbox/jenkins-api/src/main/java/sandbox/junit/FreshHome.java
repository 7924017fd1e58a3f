package sandbox.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.SandboxHome;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** JUnit extension that opens a {@link SandboxHome} on a temporary folder for each test method. */
public final class FreshHome implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(FreshHome.class);

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        SandboxHome home = SandboxHome.open(Files.createTempDirectory("home"));
        context.getStore(NAMESPACE).put(SandboxHome.class, home);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        SandboxHome home = context.getStore(NAMESPACE).remove(SandboxHome.class, SandboxHome.class);
        home.close();
        while (Files.exists(home.folder())) {
            delete(home.folder());
        }
    }

    /** Deletes a folder as it is now; a thread that has not ended yet may write into it meanwhile. */
    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException | NoSuchFileException e) {
            return;
        }
        for (Path file : all) {
            try {
                Files.deleteIfExists(file);
            } catch (DirectoryNotEmptyException e) {
                return;
            }
        }
    }
}
