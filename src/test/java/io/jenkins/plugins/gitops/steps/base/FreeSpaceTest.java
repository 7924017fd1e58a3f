package io.jenkins.plugins.gitops.steps.base;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FreeSpaceTest {

    private static final long SIZE = 4 * FreeSpace.NEEDED_BYTES;

    @Test
    void aFullDiskHasNoneUntilSomethingIsDeleted() throws Exception {
        Configuration small = Configuration.unix().toBuilder().setMaxSize(SIZE).build();
        try (FileSystem disk = Jimfs.newFileSystem(small)) {
            Path folder = Files.createDirectory(disk.getPath("/builds"));
            assertThat(FreeSpace.isLeft(folder)).isTrue();

            Path filler = Files.write(folder.resolve("filler"), new byte[(int) (SIZE - FreeSpace.NEEDED_BYTES / 2)]);
            assertThat(FreeSpace.isLeft(folder)).isFalse();

            Files.delete(filler);
            assertThat(FreeSpace.isLeft(folder)).isTrue();
        }
    }

    @Test
    void aDiskThatCannotBeAskedCountsAsOneThatHasSome() {
        assertThat(FreeSpace.isLeft(Path.of("/there/is/no/such/folder"))).isTrue();
    }
}
