package io.jenkins.plugins.gitops.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.waves.RejectedImages.Rejection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.Test;

class RejectionStoreTest {

    private static final String MONDAY = "2026-11-23T09:00:00Z";
    private static final String TUESDAY = "2026-11-24T23:59:59Z";

    private final InMemoryRepository git = new InMemoryRepository(new DfsRepositoryDescription("state"));
    private final StateRef ref = new StateRef(git, CommitSigner.NONE, true);
    private final RejectionStore store = ref.rejections();

    private ObjectId state = ObjectId.zeroId();

    private static String hex(int number) {
        return "%064x".formatted(number);
    }

    private static String digest(int number) {
        return "sha256:" + hex(number);
    }

    private static ImageSet set(int... numbers) {
        var images = new HashMap<String, ImageRef>();
        for (int number : numbers) {
            images.put("s" + number, ImageRef.of("s" + number, "docker.example.com/s" + number, "v1", digest(number)));
        }
        return ImageSet.of(images);
    }

    private void write(Map<String, Optional<String>> files) throws Exception {
        state = ref.write(
                state,
                files,
                "write",
                new PersonIdent("GitOps Waves", "waves@example.com", Instant.parse(TUESDAY), ZoneOffset.UTC));
    }

    private void write(String path, String content) throws Exception {
        write(Map.of(path, Optional.of(content)));
    }

    private void reject(String at, int... numbers) throws Exception {
        var files = new HashMap<String, Optional<String>>();
        for (int number : numbers) {
            RejectionStore.files(
                            List.of(digest(number)), new Rejection("leaks " + number, "ann", at), Instant.parse(at))
                    .forEach((path, content) -> files.put(path, Optional.of(content)));
        }
        write(files);
    }

    private static String old(int... numbers) {
        var images = new StringBuilder();
        for (int number : numbers) {
            images.append(images.isEmpty() ? "" : ",")
                    .append("{\"digest\":\"%s\",\"reason\":\"old %d\",\"by\":\"bo\",\"at\":\"2026-11-%02dT09:00:00Z\"}"
                            .formatted(digest(number), number, number));
        }
        return "{\"images\":[" + images + "],\"seal\":7}";
    }

    @Test
    void aRejectionLiesUnderItsDay() throws Exception {
        assertThat(RejectionStore.files(
                                List.of(digest(2), digest(1)),
                                new Rejection("leaks", "ann", TUESDAY),
                                Instant.parse(TUESDAY))
                        .keySet())
                .containsExactly("rejected/2026-11-24/" + hex(1) + ".json", "rejected/2026-11-24/" + hex(2) + ".json");
        assertThatThrownBy(() -> RejectionStore.files(
                        List.of("../../main"), new Rejection("leaks", "ann", TUESDAY), Instant.parse(TUESDAY)))
                .hasMessage("\"../../main\" is not a digest.");
    }

    @Test
    void aSetWithARejectedImageIsRefusedWithWhy() throws Exception {
        assertThat(store.refusal(state, set(1, 2))).isEmpty();
        reject(MONDAY, 2);
        assertThat(store.contains(state, digest(2))).isTrue();
        assertThat(store.contains(state, digest(1))).isFalse();
        assertThat(store.contains(state, "v1")).isFalse();
        assertThat(store.refusal(state, set(1, 2)))
                .contains("the image of s2 (" + digest(2) + ") was rejected by ann at " + MONDAY + ": leaks 2");
        assertThat(store.refusal(state, set(1, 3))).isEmpty();

        write("rejected.json", old(3));
        assertThat(store.contains(state, digest(3))).isTrue();
        assertThat(store.refusal(state, set(1, 3)))
                .contains("the image of s3 (" + digest(3) + ") was rejected by bo at 2026-11-03T09:00:00Z: old 3");
        assertThat(store.refusal(ObjectId.zeroId(), set(1, 3)))
                .as("an earlier state")
                .isEmpty();
        assertThat(store.refusal(state, set(1, 3))).isPresent();
    }

    @Test
    void onlyTheFileOfEarlierVersionsIsEnough() throws Exception {
        write("rejected.json", old(3));

        assertThat(store.refusal(state, set(3))).isPresent();
        write(Map.of("rejected.json", Optional.empty()));
        assertThat(store.refusal(state, set(3))).isEmpty();
        assertThat(store.contains(state, digest(3))).isFalse();
    }

    @Test
    void whatIsAcceptedLeavesBothFormsAndNothingElse() throws Exception {
        reject(MONDAY, 1);
        reject(TUESDAY, 2);
        write("rejected.json", old(2, 3, 4));

        assertThat(store.filesAccepting(state, Set.of(digest(7)))).isEmpty();
        Map<String, Optional<String>> files = store.filesAccepting(state, Set.of(digest(1), digest(2), digest(3)));
        assertThat(files)
                .containsOnlyKeys(
                        "rejected.json",
                        "rejected/2026-11-23/" + hex(1) + ".json",
                        "rejected/2026-11-24/" + hex(2) + ".json");
        write(files);

        assertThat(store.newest(state, 10).byDigest()).containsOnlyKeys(digest(4));
        assertThat(new String(ref.file(state, "rejected.json").orElseThrow())).contains("\"seal\": 7");
        assertThat(store.filesAccepting(state, Set.of(digest(1)))).isEmpty();
    }

    @Test
    void theRejectionsOfTheLatestDaysAreShown() throws Exception {
        reject(MONDAY, 1, 2);
        reject(TUESDAY, 3);
        write("rejected.json", old(4, 5, 6));
        write("rejected/2026-11-24/readme.json", "{}");

        assertThat(store.newest(state, 0).byDigest()).isEmpty();
        assertThat(store.newest(state, 1).byDigest()).containsOnlyKeys(digest(3));
        assertThat(store.newest(state, 3).byDigest()).containsOnlyKeys(digest(3), digest(1), digest(2));
        assertThat(store.newest(state, 4).byDigest())
                .as("of the old file the latest")
                .containsOnlyKeys(digest(3), digest(1), digest(2), digest(6));
        assertThat(store.newest(state, 100).byDigest())
                .hasSize(6)
                .containsEntry(digest(1), new Rejection("leaks 1", "ann", MONDAY))
                .containsEntry(digest(4), new Rejection("old 4", "bo", "2026-11-04T09:00:00Z"));

        reject(TUESDAY, 7);
        assertThat(store.newest(state, 100).byDigest()).hasSize(7);
        write("rejected.json", old(4));
        assertThat(store.newest(state, 100).byDigest()).hasSize(5);
    }

    @Test
    void digestsOfBothAlgorithmsAreShown() throws Exception {
        String longer = "sha512:" + "ab".repeat(64);
        var rejection = new Rejection("leaks", "ann", MONDAY);
        Map<String, String> files = RejectionStore.files(List.of(digest(1), longer), rejection, Instant.parse(MONDAY));
        for (var file : files.entrySet()) {
            write(file.getKey(), file.getValue());
        }

        assertThat(store.contains(state, longer)).isTrue();
        assertThat(store.newest(state, 10).byDigest())
                .containsOnly(Map.entry(digest(1), rejection), Map.entry(longer, rejection));
    }

    @Test
    void aFileThatCannotBeReadRejectsWithoutAReason() throws Exception {
        write("rejected/2026-11-24/" + hex(1) + ".json", "[]");
        write("rejected/2026-11-24/" + hex(2) + ".json/more", "{}");

        assertThat(store.refusal(state, set(1)))
                .contains("the image of s1 (" + digest(1)
                        + ") was rejected by somebody at 2026-11-24: the file that says why is not an object");
        assertThat(store.contains(state, digest(2))).isTrue();
        assertThat(store.refusal(state, set(2)).orElseThrow())
                .startsWith(
                        "the image of s2 (" + digest(2) + ") was rejected by somebody at 2026-11-24: the file that");
        assertThat(store.problem(state)).isEmpty();
        assertThat(store.newest(state, 100).byDigest()).containsOnlyKeys(digest(1), digest(2));
    }

    @Test
    void whatIsNotKnownForbidsAll() throws Exception {
        write("rejected.json", "{}");
        assertThat(store.problem(state)).contains(new StateFileProblem("rejected.json", "has no list of images"));
        assertThat(store.refusal(state, set(1)).orElseThrow()).startsWith("rejected.json in the state");
        write("rejected.json", old(1));
        assertThat(store.problem(state)).isEmpty();

        write("rejected/2026-11-24", "{}");
        assertThat(store.problem(state)).contains(new StateFileProblem("rejected/2026-11-24", "is not a folder"));
        write(Map.of("rejected/2026-11-24", Optional.empty()));
        assertThat(store.problem(state)).isEmpty();
        write("rejected", "{}");
        assertThat(store.problem(state)).contains(new StateFileProblem("rejected", "is not a folder"));
        assertThat(store.refusal(state, set(9)).orElseThrow()).startsWith("rejected in the state");
    }
}
