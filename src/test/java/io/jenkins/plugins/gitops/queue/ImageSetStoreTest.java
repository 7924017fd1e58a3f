package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.git.GitObjects;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.ImageSetLayout.Layout;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.Test;

/** How image sets lie in a tree, and what in their place is refused. */
class ImageSetStoreTest {

    private static final WavePath STAGING = WavePath.of("staging");
    private static final WavePath INTERNAL = WavePath.of("internal");
    private static final Map<WavePath, String> FOLDERS =
            Map.of(STAGING, "deploy/images/staging", INTERNAL, "deploy/images/internal");
    private static final ImageSet SET = AutoBranchFixture.images("shop", "1");

    private final Repository git = new MemoryRepository();
    private final GitObjects objects = new GitObjects(git);

    private ImageSetStore store(Layout layout) {
        return new ImageSetStore(git, layout, FOLDERS);
    }

    private ObjectId commit(Map<String, String> texts) {
        var files = new TreeMap<String, ObjectId>();
        texts.forEach((path, text) -> files.put(path, objects.blob(text)));
        return commitOf(files);
    }

    private ObjectId commitOf(TreeMap<String, ObjectId> files) {
        return objects.commit(
                List.of(), files, "Files\n", new PersonIdent("Ada", "ada@example.com", Instant.EPOCH, ZoneOffset.UTC));
    }

    /** The files after a set was written into a commit's tree. */
    private TreeMap<String, ObjectId> written(Layout layout, WavePath path, ObjectId into) throws Exception {
        try (ObjectSession session = ObjectSession.open(git, 1)) {
            ObjectId tree = store(layout).write(session, session.treeOf(into), path, SET);
            session.flush();
            return filesOf(tree);
        }
    }

    private TreeMap<String, ObjectId> filesOf(ObjectId tree) {
        return objects.files(objects.commitOf(tree));
    }

    @Test
    void theFilesOfASetAreThoseOfAllLayouts() {
        assertThat(store(Layout.HELM).files(STAGING))
                .containsExactlyInAnyOrder(
                        "deploy/images/staging/tags.json",
                        "deploy/images/staging/digests.json",
                        "deploy/images/staging/images.json",
                        "deploy/images/staging/values.yaml",
                        "deploy/images/staging/kustomization.yaml");
    }

    @Test
    void aSetIsWrittenBesideOtherFilesAndReadBack() throws Exception {
        ObjectId before = commit(Map.of("README.md", "Read me\n"));

        for (Layout layout : Layout.values()) {
            TreeMap<String, ObjectId> files = written(layout, STAGING, before);

            assertThat(files)
                    .containsKey("README.md")
                    .hasSize(1 + layout.files().size());
            ObjectId after = commitOf(files);
            assertThat(store(layout).read(after, STAGING)).isEqualTo(SET);
            assertThat(store(layout).read(after, INTERNAL)).isEqualTo(ImageSet.EMPTY);
            assertThat(store(Layout.IMAGES).read(after, STAGING))
                    .as("in whichever layout it is")
                    .isEqualTo(SET);
        }
    }

    @Test
    void aSetIsWrittenInTheLayoutThatItHas() throws Exception {
        ObjectId images = objects.commitOf(tree(Layout.IMAGES));

        assertThat(written(Layout.TAGS_AND_DIGESTS, STAGING, images))
                .containsOnlyKeys("deploy/images/staging/images.json");
    }

    private ObjectId tree(Layout layout) throws Exception {
        ObjectId empty = commit(Map.of());
        try (ObjectSession session = ObjectSession.open(git, 1)) {
            ObjectId tree = store(layout).write(session, session.treeOf(empty), STAGING, SET);
            session.flush();
            return tree;
        }
    }

    @Test
    void allSetsAreBroughtToTheConfiguredLayout() throws Exception {
        ObjectId helm = tree(Layout.HELM);
        try (ObjectSession session = ObjectSession.open(git, 1)) {
            ImageSetStore kustomize = store(Layout.KUSTOMIZE);
            ObjectId changed = kustomize.inConfiguredLayout(session, helm);
            session.flush();

            assertThat(filesOf(changed)).containsOnlyKeys("deploy/images/staging/kustomization.yaml");
            assertThat(kustomize.inConfiguredLayout(session, changed)).isEqualTo(changed);
            assertThat(store(Layout.HELM).inConfiguredLayout(session, helm)).isEqualTo(helm);
            assertThat(kustomize.layoutName()).isEqualTo("kustomize");
        }
    }

    @Test
    void filesThatBodiesMayNotMakeAreThoseOfTheLayoutsThatAreRead() throws Exception {
        try (ObjectSession session = ObjectSession.open(git, 1)) {
            assertThat(store(Layout.TAGS_AND_DIGESTS).allFiles(session.reader(), tree(Layout.HELM)))
                    .contains(
                            "deploy/images/staging/values.yaml",
                            "deploy/images/internal/tags.json",
                            "deploy/images/internal/digests.json")
                    .doesNotContain("deploy/images/internal/values.yaml", "deploy/images/staging/kustomization.yaml");
        }
    }

    @Test
    void theRestOfATreeIsWithoutTheFilesOfOneSet() throws Exception {
        ObjectId before = commit(Map.of("README.md", "Read me\n", "deploy/images/staging/notes.txt", "Mine\n"));
        ObjectId after = commitOf(written(Layout.TAGS_AND_DIGESTS, STAGING, before));
        try (ObjectSession session = ObjectSession.open(git, 1)) {
            ImageSetStore store = store(Layout.TAGS_AND_DIGESTS);
            ObjectId tree = session.treeOf(after);

            assertThat(store.without(session.reader(), session.inserter(), tree, STAGING))
                    .isEqualTo(session.treeOf(before));
            assertThat(store.without(session.reader(), session.inserter(), tree, INTERNAL))
                    .isEqualTo(tree);
        }
    }

    // ---- what is refused ----------------------------------------------------------------------------------------

    private void assertRefused(Map<String, String> files, String sentence) {
        ObjectId commit = commit(files);
        assertThatThrownBy(() -> store(Layout.TAGS_AND_DIGESTS).read(commit, STAGING))
                .isInstanceOf(InvalidImagesException.class)
                .hasMessage(sentence);
    }

    @Test
    void aFileInThePlaceOfAFolderIsRefused() {
        String remedy = ", through which nothing is read or written; make it a folder, or set imagesPath to one.";
        assertRefused(Map.of("deploy", "x"), "deploy is a file" + remedy);
        assertRefused(Map.of("deploy/images", "x"), "deploy/images is a file" + remedy);
        assertRefused(Map.of("deploy/images/staging", "x"), "deploy/images/staging is a file" + remedy);
    }

    @Test
    void aFolderInThePlaceOfAFileIsRefused() {
        assertRefused(
                Map.of("deploy/images/staging/tags.json/inner.json", "{}"),
                "deploy/images/staging/tags.json is not a file.");
    }

    @Test
    void aPointerOfGitLfsIsRefused() {
        assertRefused(
                Map.of(
                        "deploy/images/staging/tags.json",
                        "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n",
                        "deploy/images/staging/digests.json",
                        "{}"),
                "deploy/images/staging/tags.json is a pointer of Git LFS, and its content is not in the repository: "
                        + "exclude the image files from it in .gitattributes, as with images/** !filter !diff !merge, "
                        + "and commit it as it is.");
    }

    @Test
    void aFileThatIsTooLargeIsRefused() {
        assertRefused(
                Map.of("deploy/images/staging/tags.json", " ".repeat(Json.MAX_STORED_BYTES + 1)),
                "deploy/images/staging/tags.json is larger than 16 MiB.");
    }

    @Test
    void filesThatGitFiltersAreNotWritten() {
        for (String attributes : List.of(".gitattributes", "deploy/.gitattributes", "deploy/images/.gitattributes")) {
            ObjectId filtered = commit(Map.of(attributes, "*.json filter=lfs\n"));

            assertThatThrownBy(() -> written(Layout.TAGS_AND_DIGESTS, STAGING, filtered))
                    .isInstanceOf(InvalidImagesException.class)
                    .hasMessageContaining("deploy/images/staging/digests.json has the attribute filter=lfs");
        }
    }

    @Test
    void rulesForOtherFilesMatterNothing() throws Exception {
        ObjectId others = commit(Map.of(
                ".gitattributes", "*.png filter=lfs\n",
                "deploy/images/.gitattributes", "internal/* filter=lfs\n",
                "docs/.gitattributes", "* filter=lfs\n"));

        assertThat(written(Layout.TAGS_AND_DIGESTS, STAGING, others)).containsKey("deploy/images/staging/tags.json");
    }

    @Test
    void filesOfOtherProgramsAreNoImageFiles() throws Exception {
        ObjectId others = commit(Map.of(
                "deploy/images/staging/values.yaml", "replicas: 3\n",
                "deploy/images/staging/kustomization.yaml", "resources: [a.yaml]\n"));

        assertThat(store(Layout.TAGS_AND_DIGESTS).read(others, STAGING)).isEqualTo(ImageSet.EMPTY);
    }

    @Test
    void largeFilesAreNotReadForWhatTheyMightBe() {
        String large = " ".repeat(Json.MAX_STORED_BYTES + 1);
        ObjectId values = commit(Map.of("deploy/images/staging/values.yaml", large));
        assertThatThrownBy(() -> store(Layout.TAGS_AND_DIGESTS).read(values, STAGING))
                .isInstanceOf(InvalidImagesException.class)
                .hasMessage("deploy/images/staging/values.yaml is larger than 16 MiB.");

        ObjectId attributes = commit(Map.of("deploy/.gitattributes", large));
        assertThatThrownBy(() -> written(Layout.TAGS_AND_DIGESTS, STAGING, attributes))
                .isInstanceOf(InvalidImagesException.class)
                .hasMessage("deploy/.gitattributes is larger than 16 MiB.");
    }

    @Test
    void aSetThatCouldNotBeReadBackIsNotWritten() throws Exception {
        var images = new TreeMap<String, ImageRef>();
        String name = "a".repeat(200);
        for (int i = 0; i < 60_000; i++) {
            images.put("service-" + i, AutoBranchFixture.image(name + i, "1", "1"));
        }
        try (ObjectSession session = ObjectSession.open(git, 1)) {
            ObjectId tree = session.treeOf(commit(Map.of()));

            assertThatThrownBy(() -> store(Layout.TAGS_AND_DIGESTS).write(session, tree, STAGING, ImageSet.of(images)))
                    .isInstanceOf(InvalidImagesException.class)
                    .hasMessage("deploy/images/staging/digests.json is larger than 16 MiB.");
        }
    }
}
