package io.jenkins.plugins.gitops.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    Path folder;

    @Test
    void aFileIsReplacedAsAWholeAndNothingStaysBesideIt() throws Exception {
        Path file = folder.resolve("below/state.json");

        AtomicFile.write(file, "a long first text");
        AtomicFile.write(file, "ä second");

        assertThat(file).hasContent("ä second");
        assertThat(file.getParent()).isDirectoryContaining(file::equals);
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void whereTheNewTextCannotBeWrittenTheOldOneStays() throws Exception {
        Path file = folder.resolve("state.json");
        AtomicFile.write(file, "before");
        Files.createDirectories(folder.resolve("state.json.new/taken"));

        assertThatThrownBy(() -> AtomicFile.write(file, "after")).isInstanceOf(IOException.class);

        assertThat(file).hasContent("before");
    }
}
