package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import io.jenkins.plugins.gitops.worktree.ConfigTree;
import io.jenkins.plugins.gitops.worktree.FileEntry;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import jenkins.MasterToSlaveFileCallable;

/**
 * The folder of a workspace in which the body of a step works. The files of a config repository are written there
 * without git, and the files that the body changed are read back. Files are compared by their hashes on the agent, so
 * that only files that differ are sent. The nested classes run on the agent.
 */
final class BodyFolder {

    static final String NAME = "cfg";

    /** The size of the files that are sent to an agent at once, in bytes. */
    private static final int BATCH = 8 << 20;

    /** The greatest number of files that may differ, including files that git ignores. */
    private static final int MAX_LISTED = 10 * ConfigTree.MAX_FILES;

    /** The number of files that are listed of those that differ and are not to be committed. */
    private static final int MAX_OUTSIDE = 1000;

    private BodyFolder() {}

    /**
     * Writes the files of the tree to the folder, and deletes all other files in it.
     *
     * @param except the files that are left out
     */
    static void layOut(FilePath folder, ConfigTree tree, PathPatterns except) throws IOException, InterruptedException {
        var batch = new TreeMap<String, BodyChanges.File>();
        long size = 0;
        var files = new TreeMap<>(tree.files());
        files.keySet().removeIf(except::match);
        for (String path : folder.act(new RemoveDifferingFiles(files))) {
            byte[] content = tree.content(path);
            batch.put(path, new BodyChanges.File(files.get(path).kind(), content));
            size += content.length;
            if (size >= BATCH) {
                folder.act(new WriteFiles(batch));
                batch = new TreeMap<>();
                size = 0;
            }
        }
        folder.act(new WriteFiles(batch));
    }

    /**
     * Reads the files that differ from the tree.
     *
     * @throws RequestRefused if one of them must not be committed
     */
    static CollectedFiles changes(FilePath folder, ConfigTree tree, PathPatterns paths)
            throws IOException, InterruptedException, RequestRefused {
        FolderDifferences differences = folder.act(new ListDifferences(new TreeMap<>(tree.files()), paths));
        if (differences == null) {
            throw new RequestRefused("The body has removed the folder in which it ran.");
        }
        if (differences.differing().size() > MAX_LISTED) {
            throw new RequestRefused("The body left more than " + MAX_LISTED + " new or changed files in "
                    + String.join(", ", paths.patterns()) + "; narrow that.");
        }
        ConfigTree.Wanted wanted = tree.wanted(
                paths,
                differences.differing(),
                differences.gone(),
                files -> folder.act(new ReadFiles(new TreeMap<>(files))));
        BodyChanges changes = tree.checked(wanted, folder.act(new ReadFiles(new TreeMap<>(wanted.changed()))));
        List<String> ignored = wanted.changed().isEmpty() ? List.copyOf(wanted.ignored()) : List.of();
        return new CollectedFiles(changes, tree.notCommitted(paths, differences.outside()), ignored);
    }

    /**
     * The files that a body left in its folder.
     *
     * @param changes what is committed
     * @param outside paths of files that it changed as well and that are not committed
     * @param ignored paths of files that git ignores, if it has made no others
     */
    record CollectedFiles(BodyChanges changes, List<String> outside, List<String> ignored) {}

    /**
     * The differences between a folder and a tree.
     *
     * @param differing new and changed files, by path
     * @param gone the paths of files that the folder does not have
     * @param outside the paths of other files that were changed, made or deleted; not all if there are many
     */
    record FolderDifferences(TreeMap<String, FileEntry> differing, TreeSet<String> gone, TreeSet<String> outside)
            implements Serializable {}

    /** Deletes files that the tree does not have or has with another content; returns the paths to be written. */
    static final class RemoveDifferingFiles extends MasterToSlaveFileCallable<TreeSet<String>> {

        private static final long serialVersionUID = 1L;

        private final TreeMap<String, FileEntry> wanted;

        RemoveDifferingFiles(TreeMap<String, FileEntry> wanted) {
            this.wanted = wanted;
        }

        @Override
        public TreeSet<String> invoke(File folder, VirtualChannel channel) throws IOException {
            return removeFrom(folder.toPath());
        }

        TreeSet<String> removeFrom(Path root) throws IOException {
            var missing = new TreeSet<>(wanted.keySet());
            if (Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
                Files.walkFileTree(root, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                            throws IOException {
                        // Tools that keep what they have fetched make it read-only, and nothing in it could be deleted.
                        allow(directory, PosixFilePermission.OWNER_WRITE);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        String path = relative(root, file);
                        FileEntry known = wanted.get(path);
                        if (known != null && known.equals(entry(file, attributes, known))) {
                            missing.remove(path);
                        } else {
                            Files.delete(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                        String below = relative(root, directory) + "/";
                        String first = wanted.ceilingKey(below);
                        if (!directory.equals(root) && (first == null || !first.startsWith(below))) {
                            Files.delete(directory);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
            } else {
                Files.deleteIfExists(root);
            }
            return missing;
        }
    }

    /** Writes files that the folder does not have. */
    static final class WriteFiles extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1L;

        private final TreeMap<String, BodyChanges.File> files;

        WriteFiles(TreeMap<String, BodyChanges.File> files) {
            this.files = files;
        }

        @Override
        @CheckForNull
        public Void invoke(File folder, VirtualChannel channel) throws IOException {
            writeTo(folder.toPath());
            return null;
        }

        void writeTo(Path root) throws IOException {
            Files.createDirectories(root);
            for (var each : files.entrySet()) {
                Path file = resolve(root, each.getKey());
                byte[] content = each.getValue().content();
                Path parent = Objects.requireNonNull(file.getParent());
                Files.createDirectories(parent);
                if (each.getValue().kind() == FileEntry.Kind.LINK) {
                    Files.createSymbolicLink(
                            file, root.getFileSystem().getPath(new String(content, StandardCharsets.UTF_8)));
                    continue;
                }
                // Where case does not count, another file of the tree may lie there.
                Files.write(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                if (each.getValue().kind() == FileEntry.Kind.EXECUTABLE) {
                    allow(
                            file,
                            PosixFilePermission.OWNER_EXECUTE,
                            PosixFilePermission.GROUP_EXECUTE,
                            PosixFilePermission.OTHERS_EXECUTE);
                }
            }
        }
    }

    /** Lists the differences between the folder and the files of a tree; nothing if there is no folder any more. */
    static final class ListDifferences extends MasterToSlaveFileCallable<FolderDifferences> {

        private static final long serialVersionUID = 1L;

        private final TreeMap<String, FileEntry> known;
        private final PathPatterns paths;

        ListDifferences(TreeMap<String, FileEntry> known, PathPatterns paths) {
            this.known = known;
            this.paths = paths;
        }

        @Override
        @CheckForNull
        public FolderDifferences invoke(File folder, VirtualChannel channel) throws IOException {
            Path root = folder.toPath();
            return Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS) ? listIn(root) : null;
        }

        FolderDifferences listIn(Path root) throws IOException {
            var differing = new TreeMap<String, FileEntry>();
            var outside = new TreeSet<String>();
            var gone = new TreeSet<>(known.keySet());
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    Path name = directory.getFileName();
                    return name != null && name.toString().equalsIgnoreCase(".git")
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    String path = relative(root, file);
                    FileEntry before = known.get(path);
                    if (!paths.match(path)) {
                        gone.remove(path);
                        if (outside.size() < MAX_OUTSIDE
                                && (before == null || !before.equals(entry(file, attributes, before)))) {
                            outside.add(path);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                    FileEntry now = entry(file, attributes, before);
                    if (now != null) {
                        gone.remove(path);
                        if (!now.equals(before)) {
                            differing.put(path, now);
                        }
                    }
                    return differing.size() > MAX_LISTED ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                }
            });
            gone.stream().filter(path -> !paths.match(path)).limit(MAX_OUTSIDE).forEach(outside::add);
            gone.removeIf(path -> !paths.match(path));
            return new FolderDifferences(differing, gone, outside);
        }
    }

    /** Reads each file up to the size that it had when it was listed; leaves out files that are gone. */
    static final class ReadFiles extends MasterToSlaveFileCallable<TreeMap<String, BodyChanges.File>> {

        private static final long serialVersionUID = 1L;

        private final TreeMap<String, FileEntry> files;

        ReadFiles(TreeMap<String, FileEntry> files) {
            this.files = files;
        }

        @Override
        public TreeMap<String, BodyChanges.File> invoke(File folder, VirtualChannel channel) throws IOException {
            return readFrom(folder.toPath());
        }

        TreeMap<String, BodyChanges.File> readFrom(Path root) throws IOException {
            var contents = new TreeMap<String, BodyChanges.File>();
            for (var each : files.entrySet()) {
                Path file = resolve(root, each.getKey());
                FileEntry listed = each.getValue();
                if (listed.kind() == FileEntry.Kind.LINK && Files.isSymbolicLink(file)) {
                    contents.put(each.getKey(), new BodyChanges.File(listed.kind(), target(file)));
                } else if (listed.kind() != FileEntry.Kind.LINK
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                        contents.put(
                                each.getKey(),
                                new BodyChanges.File(listed.kind(), in.readNBytes(Math.toIntExact(listed.size()))));
                    }
                }
            }
            return contents;
        }
    }

    private static String relative(Path root, Path file) {
        return root.relativize(file).toString().replace(root.getFileSystem().getSeparator(), "/");
    }

    /**
     * The file of a path below the folder.
     *
     * @throws IOException if it would lie elsewhere: the path is absolute on this system, or leads through a link
     */
    static Path resolve(Path root, String path) throws IOException {
        Path file;
        try {
            file = root.resolve(path);
        } catch (InvalidPathException e) {
            throw new IOException(
                    "The agent cannot name the file \"" + path
                            + "\"; start it with a UTF-8 locale, such as LANG=C.UTF-8.",
                    e);
        }
        if (file.equals(root)
                || !file.startsWith(root)
                || !file.equals(file.normalize())
                || !relative(root, file).equals(path)) {
            throw new IOException("On this agent the file \"" + path + "\" would lie outside of its folder.");
        }
        for (Path parent = file.getParent(); !parent.equals(root); parent = parent.getParent()) {
            if (Files.isSymbolicLink(parent)) {
                throw new IOException("On this agent the file \"" + path + "\" would lie behind a link.");
            }
        }
        return file;
    }

    /** The kind and hash of a file, or null if it is neither a regular file nor a symbolic link. */
    @CheckForNull
    private static FileEntry entry(Path file, BasicFileAttributes attributes, @Nullable FileEntry known)
            throws IOException {
        if (attributes.isSymbolicLink()) {
            return FileEntry.of(FileEntry.Kind.LINK, target(file));
        }
        if (!attributes.isRegularFile()) {
            return null;
        }
        if (attributes.size() > ConfigTree.MAX_BYTES && (known == null || known.size() != attributes.size())) {
            // Too large for a change, so it is refused whatever its content is.
            return new FileEntry(kind(file, known), "0".repeat(40), attributes.size());
        }
        MessageDigest digest = FileEntry.digest(attributes.size());
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            // Limits the reading of a file that grows meanwhile.
            byte[] buffer = new byte[1 << 16];
            long left = attributes.size();
            for (int read = in.read(buffer); read >= 0 && left > 0; read = in.read(buffer)) {
                digest.update(buffer, 0, (int) Math.min(read, left));
                left -= read;
            }
        }
        return FileEntry.of(kind(file, known), digest, attributes.size());
    }

    /** The kind of a regular file; where the file system has no modes, the kind that the tree has. */
    private static FileEntry.Kind kind(Path file, @Nullable FileEntry known) throws IOException {
        if (!hasPosixModes(file)) {
            return known == null || known.kind() == FileEntry.Kind.LINK ? FileEntry.Kind.REGULAR : known.kind();
        }
        return Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)
                        .contains(PosixFilePermission.OWNER_EXECUTE)
                ? FileEntry.Kind.EXECUTABLE
                : FileEntry.Kind.REGULAR;
    }

    /** Adds permissions, where there are any. */
    private static void allow(Path file, PosixFilePermission... added) throws IOException {
        if (hasPosixModes(file)) {
            Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(file));
            if (permissions.addAll(List.of(added))) {
                Files.setPosixFilePermissions(file, permissions);
            }
        }
    }

    private static boolean hasPosixModes(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static byte[] target(Path link) throws IOException {
        return Files.readSymbolicLink(link)
                .toString()
                .replace(link.getFileSystem().getSeparator(), "/")
                .getBytes(StandardCharsets.UTF_8);
    }
}
