package io.jenkins.plugins.gitops.steps.base;

import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.gitops.common.Json;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import jenkins.MasterToSlaveFileCallable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A file of a workspace in which the build describes its images. Only a regular file is opened, since a pipe or device
 * may never end. At most 1 MiB is read; the controller counts the bytes.
 *
 * @param path the file on the agent
 * @param name the file in messages
 */
@Restricted(NoExternalUse.class)
public record WorkspaceFile(FilePath path, String name) {

    /** Finds out on the agent what kind of file a path leads to. */
    static final class FindKind extends MasterToSlaveFileCallable<FindKind.Kind> {

        private static final long serialVersionUID = 1L;

        enum Kind {
            MISSING,
            REGULAR,
            OTHER
        }

        @Override
        public Kind invoke(File file, VirtualChannel channel) {
            if (Files.isRegularFile(file.toPath())) {
                return Kind.REGULAR;
            }
            return Files.exists(file.toPath()) ? Kind.OTHER : Kind.MISSING;
        }
    }

    /** The files of a workspace that match an Ant pattern. */
    public static List<WorkspaceFile> matching(FilePath workspace, String pattern)
            throws IOException, InterruptedException {
        return Arrays.stream(workspace.list(pattern))
                .map(file -> new WorkspaceFile(file, file.getName()))
                .toList();
    }

    /** Reads the file as UTF-8. */
    public String read() throws IOException, InterruptedException {
        FindKind.Kind kind = path.act(new FindKind());
        if (kind == FindKind.Kind.MISSING) {
            throw new AbortException("There is no file " + name
                    + " in the workspace; pass what the image was built with as --metadata-file.");
        }
        if (kind == FindKind.Kind.OTHER) {
            throw new AbortException(
                    name + " is not a regular file; write what the build knows of its images into one.");
        }
        try (InputStream in = path.read()) {
            byte[] content = in.readNBytes(Json.MAX_BYTES + 1);
            if (content.length > Json.MAX_BYTES) {
                throw new AbortException(name + " has over 1 MiB; it is not what a build writes of its images.");
            }
            return new String(content, StandardCharsets.UTF_8);
        }
    }
}
