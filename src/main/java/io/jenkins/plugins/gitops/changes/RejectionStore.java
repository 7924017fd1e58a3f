package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.RejectedImages.Rejection;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;

/**
 * The rejected images of the state ref: a file for each digest, {@code rejected/<date>/<hexadecimal digits>.json},
 * under the day of its rejection, so that the size of a file does not grow with their number. Rejections do not expire.
 * The file {@code rejected.json}, in which earlier versions kept all of them, is still read.
 *
 * <p>Used by one thread at a time.
 */
public final class RejectionStore {

    /** The folder of rejections. */
    public static final String FOLDER = "rejected";

    private static final String OLD_FILE = "rejected.json";
    private static final String ENDING = ".json";
    private static final int SHA512_DIGITS = 128;

    private final Repository git;
    private final DayIndex index = new DayIndex();
    private ObjectId read = ObjectId.zeroId();
    private ObjectId tree = ObjectId.zeroId();
    private ObjectId oldBlob = ObjectId.zeroId();
    private RejectedImages old = RejectedImages.NONE;
    private SortedMap<String, TreeEdit.Entry> days = new TreeMap<>();
    private Optional<StateFileProblem> problem = Optional.empty();
    private Newest newest = new Newest(new TreeMap<>(), ObjectId.zeroId(), 0, RejectedImages.NONE);

    private record Newest(SortedMap<String, TreeEdit.Entry> days, ObjectId oldBlob, int count, RejectedImages images) {}

    RejectionStore(Repository git) {
        this.git = git;
    }

    /** The files to write into the state for rejected digests, by path. */
    public static Map<String, String> files(Collection<String> digests, Rejection rejection, Instant at) {
        var files = new TreeMap<String, String>();
        for (String digest : digests) {
            files.put(
                    FOLDER + "/" + LocalDate.ofInstant(at, ZoneOffset.UTC) + "/" + name(digest),
                    rejection.toJson(digest));
        }
        return files;
    }

    /** The files of the state as they are when these digests are no longer rejected; empty for those that are gone. */
    public Map<String, Optional<String>> filesAccepting(ObjectId state, Set<String> digests) throws IOException {
        try (ObjectReader reader = git.newObjectReader()) {
            index(reader, state);
            var files = new TreeMap<String, Optional<String>>();
            for (String digest : digests) {
                String name = name(digest);
                index.day(name).ifPresent(day -> files.put(FOLDER + "/" + day + name, Optional.empty()));
                index.day(name + "/").ifPresent(day -> files.put(FOLDER + "/" + day + name + "/", Optional.empty()));
            }
            if (digests.stream().anyMatch(old.byDigest()::containsKey)) {
                files.put(
                        OLD_FILE,
                        StateRef.content(reader, tree, OLD_FILE).map(file -> RejectedImages.without(file, digests)));
            }
            return files;
        }
    }

    private static String name(String digest) {
        if (!ImageRef.isDigest(digest)) {
            throw new IllegalArgumentException("\"" + digest + "\" is not a digest.");
        }
        return digest.substring(digest.indexOf(':') + 1) + ENDING;
    }

    /** The digest of a file's name, whose length tells the algorithm. */
    private static String digest(String hex) {
        return (hex.length() == SHA512_DIGITS ? "sha512:" : "sha256:") + hex;
    }

    /**
     * The file or folder that keeps the rejections from being read; then no image may be promoted. Empty if there is
     * none.
     */
    public Optional<StateFileProblem> problem(ObjectId state) throws IOException {
        try (ObjectReader reader = git.newObjectReader()) {
            index(reader, state);
            return problem;
        }
    }

    /** Whether an image is rejected, by its digest. */
    public boolean contains(ObjectId state, String digest) throws IOException {
        try (ObjectReader reader = git.newObjectReader()) {
            index(reader, state);
            return old.byDigest().containsKey(digest) || day(digest).isPresent();
        }
    }

    /** Why the rejections forbid to promote a set, in a sentence; empty if they do not. */
    public Optional<String> refusal(ObjectId state, ImageSet set) throws IOException {
        try (ObjectReader reader = git.newObjectReader()) {
            index(reader, state);
            if (problem.isPresent()) {
                return problem.map(StateFileProblem::sentence);
            }
            if (days.isEmpty() && old.byDigest().isEmpty()) {
                return Optional.empty();
            }
            for (var image : set.images().entrySet()) {
                Optional<Rejection> rejection = find(reader, image.getValue().digest());
                if (rejection.isPresent()) {
                    return Optional.of("the image of " + image.getKey() + " ("
                            + image.getValue().digest() + ") was rejected by "
                            + rejection.get().by() + " at " + rejection.get().at() + ": "
                            + rejection.get().reason());
                }
            }
            return Optional.empty();
        }
    }

    /** The rejected images of the latest days, at most {@code count}, for display. */
    public RejectedImages newest(ObjectId state, int count) throws IOException {
        try (ObjectReader reader = git.newObjectReader()) {
            index(reader, state);
            if (!newest.days().equals(days) || !newest.oldBlob().equals(oldBlob) || newest.count() != count) {
                newest = new Newest(days, oldBlob, count, read(reader, count));
            }
            return newest.images();
        }
    }

    private RejectedImages read(ObjectReader reader, int count) throws IOException {
        var images = new LinkedHashMap<String, Rejection>();
        for (var day : new TreeMap<>(days).descendingMap().entrySet()) {
            for (var file : TreeEdit.read(reader, day.getValue().id()).entrySet()) {
                if (images.size() == count) {
                    break;
                }
                String digest = digest(file.getKey().replaceFirst("\\.json/?$", ""));
                if (ImageRef.isDigest(digest)) {
                    images.put(digest, read(reader, Optional.of(file.getValue()), day.getKey()));
                }
            }
        }
        old.byDigest().entrySet().stream()
                .sorted(Map.Entry.comparingByValue(
                        Comparator.comparing(Rejection::at).reversed()))
                .limit(count - images.size())
                .forEach(rejected -> images.put(rejected.getKey(), rejected.getValue()));
        return new RejectedImages(images);
    }

    private Optional<Rejection> find(ObjectReader reader, String digest) throws IOException {
        Rejection known = old.byDigest().get(digest);
        Optional<String> day = known == null ? day(digest) : Optional.empty();
        return day.isPresent()
                ? Optional.of(read(
                        reader,
                        Optional.ofNullable(TreeEdit.find(reader, tree, FOLDER + "/" + day.get() + name(digest))),
                        day.get()))
                : Optional.ofNullable(known);
    }

    /** The folder of the day on which an image was rejected: the name of its file is enough, whatever the content. */
    private Optional<String> day(String digest) {
        return ImageRef.isDigest(digest)
                ? index.day(name(digest)).or(() -> index.day(name(digest) + "/"))
                : Optional.empty();
    }

    private static Rejection read(ObjectReader reader, Optional<TreeEdit.Entry> file, String day) throws IOException {
        try {
            return Rejection.read(
                    TreeEdit.readJson(reader, file.orElseThrow(() -> new MalformedJsonException("is gone"))));
        } catch (MalformedJsonException e) {
            return new Rejection(
                    "the file that says why " + e.getMessage(), "somebody", day.substring(0, day.length() - 1));
        }
    }

    private void index(ObjectReader reader, ObjectId state) throws IOException {
        if (state.equals(read)) {
            return;
        }
        tree = StateRef.tree(git, state);
        problem = Optional.empty();
        TreeEdit.Entry folder = TreeEdit.find(reader, tree, FOLDER);
        days = new TreeMap<>();
        if (folder != null && !folder.isTree()) {
            problem = Optional.of(new StateFileProblem(FOLDER, "is not a folder"));
        } else if (folder != null) {
            TreeEdit.read(reader, folder.id()).forEach(this::addDay);
        }
        index.read(reader, days);
        indexOldFile(reader);
        read = state.copy();
    }

    private void addDay(String name, TreeEdit.Entry entry) {
        if (entry.isTree()) {
            days.put(name, entry);
        } else {
            problem = Optional.of(new StateFileProblem(FOLDER + "/" + name, "is not a folder"));
        }
    }

    private void indexOldFile(ObjectReader reader) throws IOException {
        TreeEdit.Entry file = TreeEdit.find(reader, tree, OLD_FILE);
        ObjectId blob = file == null ? ObjectId.zeroId() : file.id();
        if (blob.equals(oldBlob)) {
            return;
        }
        try {
            old = file == null ? RejectedImages.NONE : RejectedImages.read(TreeEdit.readJson(reader, file));
            oldBlob = blob;
        } catch (MalformedJsonException e) {
            old = RejectedImages.NONE;
            oldBlob = ObjectId.zeroId();
            problem = Optional.of(new StateFileProblem(OLD_FILE, e.getMessage()));
        }
    }
}
