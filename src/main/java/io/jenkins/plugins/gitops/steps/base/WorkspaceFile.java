package io.jenkins.plugins.gitops.steps.base;

import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.gitops.common.Json;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import jenkins.MasterToSlaveFileCallable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A file of a workspace in which the build describes its images. At most 1 MiB of a regular file is read. What the path
 * leads to is looked at before it is opened, since to open a pipe may never end, and what was opened is judged again,
 * since the build may have put something else there meanwhile.
 *
 * @param path the file on the agent
 * @param name the file in messages
 */
@Restricted(NoExternalUse.class)
public record WorkspaceFile(FilePath path, String name) {

    private static final int BIG_ENDIAN_MARK = 0xfeff;
    private static final int LITTLE_ENDIAN_MARK = 0xfffe;

    /** Reads the file on the agent. */
    static final class ReadRegularFile extends MasterToSlaveFileCallable<ReadRegularFile.Found> {

        private static final long serialVersionUID = 1L;

        enum Kind {
            MISSING,
            REGULAR,
            OTHER,
            TOO_LARGE,
            CHANGING
        }

        /** The kind of file that a path leads to, and the content of a regular file. */
        record Found(Kind kind, byte[] content) implements Serializable {
            private static Found nothing(Kind kind) {
                return new Found(kind, new byte[0]);
            }
        }

        @Override
        public Found invoke(File file, VirtualChannel channel) throws IOException {
            Path path = file.toPath();
            if (!Files.isRegularFile(path)) {
                return Found.nothing(Files.exists(path) ? Kind.OTHER : Kind.MISSING);
            }
            try (FileChannel opened = FileChannel.open(path, StandardOpenOption.READ)) {
                return read(opened);
            } catch (NoSuchFileException e) {
                return Found.nothing(Kind.MISSING);
            }
        }

        /**
         * Reads as much as an opened file says that it has. Devices and pipes say that they have nothing, as do the
         * files in which Linux describes processes, so that more comes than was said.
         */
        static Found read(FileChannel opened) throws IOException {
            long size = opened.size();
            if (size > Json.MAX_BYTES) {
                return Found.nothing(Kind.TOO_LARGE);
            }
            ByteBuffer content = ByteBuffer.allocate((int) size + 1);
            for (int at = 0; at >= 0 && content.hasRemaining(); ) {
                // Reads by position, which a pipe refuses.
                at = opened.read(content, content.position());
            }
            return content.position() == size
                    ? new Found(Kind.REGULAR, Arrays.copyOf(content.array(), (int) size))
                    : Found.nothing(Kind.CHANGING);
        }
    }

    /** The files of a workspace that match an Ant pattern. */
    public static List<WorkspaceFile> matching(FilePath workspace, String pattern)
            throws IOException, InterruptedException {
        return Arrays.stream(workspace.list(pattern))
                .map(file -> new WorkspaceFile(file, path(workspace, file)))
                .toList();
    }

    /** The path of a file in the workspace; the agent that lists files may name others. */
    private static String path(FilePath workspace, FilePath file) {
        String folder = workspace.getRemote();
        String listed = file.getRemote();
        return listed.length() > folder.length() + 1 && listed.startsWith(folder)
                ? listed.substring(folder.length() + 1).replace('\\', '/')
                : file.getName();
    }

    /** Reads the file as UTF-8, or as UTF-16 if its byte order mark says so, as Windows PowerShell writes output. */
    public String read() throws IOException, InterruptedException {
        ReadRegularFile.Found found = path.act(new ReadRegularFile());
        switch (found.kind()) {
            case MISSING ->
                throw new AbortException("There is no file " + name
                        + " in the workspace; let the build write it, as docker buildx build --metadata-file does.");
            case OTHER ->
                throw new AbortException(
                        name + " is not a regular file but a folder or a device; name the file that the build writes.");
            case CHANGING ->
                throw new AbortException(
                        name + " was changed while it was read; record the image when the file is written.");
            case TOO_LARGE, REGULAR -> {
                // The agent, which says how much it has read, may lie.
                if (found.kind() == ReadRegularFile.Kind.TOO_LARGE || found.content().length > Json.MAX_BYTES) {
                    throw new AbortException(name + " has over 1 MiB; it is not what a build writes of its images.");
                }
            }
        }
        return decode(found.content());
    }

    private static String decode(byte[] content) {
        int first = content.length < 2 ? 0 : (content[0] & 0xff) << 8 | content[1] & 0xff;
        boolean wide = first == BIG_ENDIAN_MARK || first == LITTLE_ENDIAN_MARK;
        return new String(content, wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
    }
}
