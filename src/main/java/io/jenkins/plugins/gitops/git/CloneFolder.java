package io.jenkins.plugins.gitops.git;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FileUtils;

/**
 * A clone in a folder of the file system. A clone that was given up is deleted; while something of it cannot be
 * deleted, the clone lies in a folder beside it, with a number after the name. The highest number is the present clone.
 */
record CloneFolder(Path folder) implements CloneStore {

    /** The text behind the name of the folder. */
    private static final Pattern NUMBER = Pattern.compile("(?:\\.([1-9]\\d{0,8}))?");

    /** The greatest number of given-up clones that could not be deleted; each is as large as the repository. */
    private static final int MAX_LEFT_BEHIND = 3;

    /** The names that JGit gives files while it receives a pack or writes an object. */
    private static final String HALF_RECEIVED = "{incoming_*,noz*.tmp}";

    @Override
    public Repository open() throws IOException {
        Path present = present();
        boolean empty = isEmpty(present);
        Files.createDirectories(present);
        if (!empty) {
            if (!Files.isRegularFile(present.resolve("HEAD"))) {
                throw new IOException("it has no file HEAD");
            }
            deleteLocks(present);
            deleteHalfReceived(present);
        }
        Repository git = new FileRepositoryBuilder()
                .setBare()
                .setGitDir(present.toFile())
                .build();
        if (empty) {
            git.create(true);
        }
        return git;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    /** Deletes the locks that a process left when it died. Nothing else uses the clone, so none is held. */
    static void deleteLocks(Path clone) throws IOException {
        try (Stream<Path> top = Files.list(clone);
                Stream<Path> refs = Files.walk(clone.resolve("refs"))) {
            for (Path lock : Stream.concat(top, refs)
                    .filter(file -> file.toString().endsWith(".lock"))
                    .toList()) {
                FileUtils.delete(lock.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
            }
        }
    }

    /** Deletes what a process had received of a fetch when it died, which may be the whole repository; gc leaves it. */
    private static void deleteHalfReceived(Path clone) throws IOException {
        Path objects = clone.resolve("objects");
        if (!Files.isDirectory(objects)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(objects, HALF_RECEIVED)) {
            for (Path file : files) {
                FileUtils.delete(file.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
            }
        }
    }

    @Override
    public void abandon() throws IOException {
        for (Path clone : clones().values()) {
            FileUtils.delete(clone.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING | FileUtils.IGNORE_ERRORS);
        }
        TreeMap<Integer, Path> left = clones();
        if (left.size() > MAX_LEFT_BEHIND) {
            throw new IOException("the damaged clones " + left.values() + " cannot be deleted; delete them by hand");
        }
        if (!left.isEmpty()) {
            Files.createDirectory(folder.resolveSibling(folder.getFileName() + "." + (left.lastKey() + 1)));
        }
    }

    private Path present() throws IOException {
        TreeMap<Integer, Path> clones = clones();
        return clones.isEmpty() ? folder : clones.lastEntry().getValue();
    }

    /** The folders that exist, by number; the folder without a number is 0. */
    private TreeMap<Integer, Path> clones() throws IOException {
        var clones = new TreeMap<Integer, Path>();
        Path parent = folder.toAbsolutePath().getParent();
        if (!Files.isDirectory(parent)) {
            return clones;
        }
        String name = folder.getFileName().toString();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(parent)) {
            for (Path file : files) {
                String found = file.getFileName().toString();
                Matcher clone = NUMBER.matcher(found.substring(Math.min(name.length(), found.length())));
                if (found.startsWith(name) && clone.matches()) {
                    clones.put(clone.group(1) == null ? 0 : Integer.parseInt(clone.group(1)), file);
                }
            }
        }
        return clones;
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
