package io.jenkins.plugins.gitops.git;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdOwnerMap;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.util.FS;

/**
 * Checks whether a clone is damaged. The result depends on the files and objects of the clone; the exception that
 * caused the check only decides how much is read.
 */
final class CloneInspection {

    /** The number of newest commits whose files must all be present. */
    private static final int COMMITS_WITH_FILES = 500;

    private static final int HASH_BYTES = Constants.OBJECT_ID_LENGTH;

    private static final Pattern REF = Pattern.compile("(?:[0-9a-f]{40}|ref: \\S+)\\s*");
    private static final Pattern LOOSE = Pattern.compile("[0-9a-f]{38}");

    private final Repository git;
    private final String url;

    /** A damage of the clone. The message says what is damaged. */
    private static final class DamageFound extends IOException {

        private static final long serialVersionUID = 1L;

        DamageFound(String what) {
            super(what);
        }
    }

    CloneInspection(Repository git, String url) {
        this.git = git;
        this.url = url;
    }

    /**
     * Checks the clone before it is used: what is quick to read, which is the small files, the pack indexes, and the
     * objects that refs name; and the loose objects, since JGit does not compare what it reads with their names.
     *
     * @return what is damaged; empty if nothing is
     */
    Optional<String> beforeUse() {
        return look(() -> {
            checkAtAGlance();
            checkLooseObjects();
        });
    }

    /**
     * Checks the clone after a failure: what is quick to read if the network failed, otherwise all files and every
     * object that a round may read.
     *
     * @return what is damaged; empty if nothing is
     */
    Optional<String> after(Throwable failure) {
        if (Stream.of(
                        SocketException.class,
                        SocketTimeoutException.class,
                        UnknownHostException.class,
                        SSLException.class)
                .anyMatch(type -> cause(failure, type).isPresent())) {
            return look(this::checkAtAGlance);
        }
        return look(() -> {
            checkAtAGlance();
            checkHashes();
            checkHistory();
            checkMissing(failure);
        });
    }

    private interface Check {
        void run() throws IOException;
    }

    private static Optional<String> look(Check check) {
        try {
            check.run();
            return Optional.empty();
        } catch (DamageFound e) {
            return Optional.of(e.getMessage());
        } catch (IOException | RuntimeException e) {
            return Optional.of(e.toString());
        }
    }

    private void checkAtAGlance() throws IOException {
        if (git.getDirectory() != null) {
            Path folder = git.getDirectory().toPath();
            checkSmallFiles(folder);
            for (Path index : packFiles(folder, ".idx")) {
                checkIndex(index);
            }
        }
        checkTips();
    }

    private void checkSmallFiles(Path folder) throws IOException {
        require(Files.isRegularFile(folder.resolve("HEAD")), "HEAD is missing");
        require(!Files.exists(folder.resolve("shallow")), "it is shallow, which this plugin's clones are not");
        var config = new FileBasedConfig(new File(git.getDirectory(), "config"), FS.DETECTED);
        try {
            config.load();
        } catch (ConfigInvalidException e) {
            throw new DamageFound("config cannot be read");
        }
        require(CloneConfig.isIntact(config, url), "config is not as it was written");
        try (Stream<Path> refs = Files.walk(folder.resolve("refs"))) {
            for (Path ref : refs.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(file -> !file.toString().endsWith(".lock"))
                    .toList()) {
                require(isRef(ref), folder.relativize(ref) + " names no object");
            }
        }
    }

    private static boolean isRef(Path file) throws IOException {
        return Files.size(file) < 1024
                && REF.matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .matches();
    }

    private static List<Path> packFiles(Path folder, String ending) throws IOException {
        Path packs = folder.resolve("objects/pack");
        require(Files.isDirectory(packs), "objects/pack is missing");
        try (Stream<Path> files = Files.list(packs)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    /** An index ends in the hash of its pack and its own; see gitformat-pack(5). */
    private static void checkIndex(Path index) throws IOException {
        checkOwnHash(index);
        byte[] end = end(index, 2 * HASH_BYTES);
        Path pack = Path.of(index.toString().replaceFirst("idx$", "pack"));
        require(Files.isRegularFile(pack), "of the pack " + pack.getFileName() + " only the index is there");
        require(
                Arrays.equals(end(pack, HASH_BYTES), Arrays.copyOf(end, HASH_BYTES)),
                pack.getFileName() + " and its index differ");
    }

    private static byte[] end(Path file, int bytes) throws IOException {
        try (var opened = new RandomAccessFile(file.toFile(), "r")) {
            require(opened.length() > bytes, file.getFileName() + " is cut off");
            opened.seek(opened.length() - bytes);
            var end = new byte[bytes];
            opened.readFully(end);
            return end;
        }
    }

    /** A pack and an index end in the hash of all bytes before it. */
    private static void checkOwnHash(Path file) throws IOException {
        require(Files.isRegularFile(file), file.getFileName() + " is not a file");
        long left = Files.size(file) - HASH_BYTES;
        require(left > 0, file.getFileName() + " is cut off");
        MessageDigest hash = Constants.newMessageDigest();
        try (InputStream in = Files.newInputStream(file)) {
            var buffer = new byte[1 << 16];
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                require(read > 0, file.getFileName() + " is cut off");
                hash.update(buffer, 0, read);
                left -= read;
            }
            require(Arrays.equals(hash.digest(), in.readAllBytes()), file.getFileName() + " is damaged");
        }
    }

    private void checkTips() throws IOException {
        try (var walk = new RevWalk(git)) {
            for (Ref ref : git.getRefDatabase().getRefs()) {
                if (ref.getObjectId() == null) {
                    continue;
                }
                if (walk.parseAny(ref.getObjectId()) instanceof RevCommit commit) {
                    walk.parseTree(commit);
                } else {
                    // Of other refs a server may have tags, trees and files.
                    require(!ref.getName().startsWith(Constants.R_HEADS), ref.getName() + " names no commit");
                }
            }
        }
    }

    private void checkHashes() throws IOException {
        if (git.getDirectory() == null) {
            return;
        }
        checkPacks(git.getDirectory().toPath());
        checkLooseObjects();
    }

    /**
     * Checks whether the packs of a clone have the hashes that they say.
     *
     * @throws IOException if one is damaged or cannot be read
     */
    static void checkPacks(Path clone) throws IOException {
        for (Path pack : packFiles(clone, ".pack")) {
            checkOwnHash(pack);
        }
    }

    private void checkLooseObjects() throws IOException {
        if (git.getDirectory() == null) {
            return;
        }
        Path folder = git.getDirectory().toPath();
        try (Stream<Path> objects = Files.walk(folder.resolve("objects"), 2)) {
            for (Path object : objects.filter(
                            file -> LOOSE.matcher(file.getFileName().toString()).matches())
                    .toList()) {
                checkLoose(object);
            }
        }
    }

    private static void checkLoose(Path object) throws IOException {
        String name = object.getParent().getFileName().toString() + object.getFileName();
        MessageDigest hash = Constants.newMessageDigest();
        try (InputStream in = new InflaterInputStream(new BufferedInputStream(Files.newInputStream(object)))) {
            var buffer = new byte[1 << 14];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                hash.update(buffer, 0, read);
            }
        }
        require(ObjectId.fromRaw(hash.digest()).name().equals(name), "the object " + name + " is damaged");
    }

    private void checkHistory() throws IOException {
        try (var walk = new RevWalk(git);
                ObjectReader reader = git.newObjectReader()) {
            walk.setRetainBody(false);
            for (Ref ref : git.getRefDatabase().getRefs()) {
                if (ref.getObjectId() != null && walk.parseAny(ref.getObjectId()) instanceof RevCommit commit) {
                    walk.markStart(commit);
                }
            }
            var seen = new ObjectIdOwnerMap<SeenTree>();
            int commits = 0;
            for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
                if (commits++ < COMMITS_WITH_FILES) {
                    checkTree(reader, commit.getTree(), seen);
                }
            }
        }
    }

    private static final class SeenTree extends ObjectIdOwnerMap.Entry {
        SeenTree(ObjectId tree) {
            super(tree);
        }
    }

    private static void checkTree(ObjectReader reader, ObjectId tree, ObjectIdOwnerMap<SeenTree> seen)
            throws IOException {
        if (seen.contains(tree)) {
            return;
        }
        seen.add(new SeenTree(tree));
        var files = new CanonicalTreeParser();
        for (files.reset(reader, tree); !files.eof(); files = files.next()) {
            if (files.getEntryFileMode().equals(FileMode.TREE)) {
                checkTree(reader, files.getEntryObjectId(), seen);
            } else if (!files.getEntryFileMode().equals(FileMode.GITLINK)) {
                require(
                        reader.has(files.getEntryObjectId()),
                        "the object " + files.getEntryObjectId().name() + " is missing");
            }
        }
    }

    /**
     * Checks the object that the failure has not found. All objects that the refs need were fetched, so a missing one
     * was lost.
     */
    private void checkMissing(Throwable failure) throws IOException {
        Optional<MissingObjectException> missing = cause(failure, MissingObjectException.class);
        if (missing.isPresent()) {
            ObjectId id = missing.get().getObjectId();
            require(git.getObjectDatabase().has(id), "the object " + id.name() + " is missing");
        }
    }

    static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (type.isInstance(e)) {
                return Optional.of(type.cast(e));
            }
        }
        return Optional.empty();
    }

    private static void require(boolean holds, String otherwise) throws DamageFound {
        if (!holds) {
            throw new DamageFound(otherwise);
        }
    }
}
