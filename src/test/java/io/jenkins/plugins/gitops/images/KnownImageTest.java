package io.jenkins.plugins.gitops.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownImageTest {

    private static final String A = "sha256:" + "a".repeat(64);
    private static final String B = "sha256:" + "b".repeat(64);
    private static final String FLAT = """
            {"image.name": "docker.io/team/shop:1,docker.io/team/shop:main", "containerimage.digest": "%s",
             "containerimage.config.digest": "%s",
             "containerimage.descriptor": {"mediaType": "application/vnd.oci.image.%s.v1+json", "size": 506}}""";
    private static final String BAKE = """
            {"cart": {"image.name": "r.example.com/cart:1", "containerimage.digest": "%s"},
             "shop": {"image.name": "r.example.com/shop:1", "containerimage.digest": "%s"},
             "buildx.build.warnings": {}}""".formatted(B, A);

    private static ImageRef read(KnownImage image, String json) {
        MetadataFile.addTo(image, "meta.json", json);
        return image.toImageRef();
    }

    private static KnownImage shop(String image, String tag) {
        return KnownImage.of("shop", image, tag, null);
    }

    @Test
    void metadataSayWhatWasPushed() {
        String json = FLAT.formatted(A, B, "manifest");

        assertThat(read(shop("team/shop", "main"), json)).isEqualTo(new ImageRef("team/shop", "main", A));
        assertThat(read(shop(null, "1"), json)).isEqualTo(new ImageRef("docker.io/team/shop", "1", A));
        assertThat(read(shop(null, null), json.replace(",docker.io/team/shop:main", "")))
                .isEqualTo(new ImageRef("docker.io/team/shop", "1", A));
        assertThat(read(shop("any/image", "any"), "{\"containerimage.digest\": \"%s\"}".formatted(A)))
                .isEqualTo(new ImageRef("any/image", "any", A));
        assertThat(MetadataFile.addTo(shop(null, "1"), "meta.json", json)).isFalse();
        assertThat(MetadataFile.addTo(shop(null, "1"), "meta.json", FLAT.formatted(A, B, "index")))
                .isTrue();
    }

    @Test
    void metadataOfSeveralTargetsAreSearched() {
        assertThat(read(shop(null, null), BAKE)).isEqualTo(new ImageRef("r.example.com/shop", "1", A));
        assertThat(read(KnownImage.of("front", "r.example.com/cart", null, null), BAKE)
                        .digest())
                .isEqualTo(B);
        assertThat(read(
                                KnownImage.of("front", "r/front", "1", null),
                                "{\"only\": {\"containerimage.digest\": \"%s\"}}".formatted(A))
                        .digest())
                .isEqualTo(A);
        refused(KnownImage.of("front", null, null, null), BAKE, "has the images cart, shop", "which one is front");
    }

    @Test
    void metadataThatDoNotFitAreRefused() {
        String json = FLAT.formatted(A, B, "manifest");

        refused(
                shop("team/other", "1"),
                json,
                "is of docker.io/team/shop:1, docker.io/team/shop:main, not of team/other");
        refused(shop("team/shop", null), json, "has the tags 1, main; say with tag:");
        refused(
                shop("team/shop", "2"),
                json,
                "field metadataFile meta.json: the tag is 1 here, but another field says 2");
        refused(
                KnownImage.of("shop", null, null, B),
                json,
                "the digest is " + A + " here, but another field says " + B);
        refused(shop("team/shop", "1"), "{}", "has no containerimage.digest", "--push");
        refused(shop("team/shop", "1"), "{nonsense", "meta.json is not valid JSON");
        refused(shop("team/shop", "1"), "{\"containerimage.digest\": \"sha256:1\"}", "\"sha256:1\" is not a digest");
    }

    @Test
    void theDigestOfTheConfigurationIsNeverTaken() {
        refused(
                shop("team/shop", "1"),
                "{\"containerimage.config.digest\": \"%s\"}".formatted(A),
                "only loaded its image",
                "--push");
        refused(shop("team/shop", "1"), FLAT.formatted(A, A, "manifest"), "only loaded its image");
    }

    private static void refused(KnownImage image, String json, String... words) {
        assertThatThrownBy(() -> read(image, json))
                .isInstanceOf(InvalidImagesException.class)
                .hasMessageContainingAll(words)
                .satisfies(e -> assertThat(e.getMessage()).endsWith(".").doesNotContain("\n"));
    }

    @Test
    void toolsKnowTheDigestsOfSeveralRepositories() {
        KnownImage image = shop("team/shop", "1");

        assertThat(RepoDigests.command("podman", image)).endsWith("{{json .RepoDigests}}", "team/shop:1");
        RepoDigests.addTo(image, "podman", "[\"r.example.com/shop@%s\", \"docker.io/team/shop@%s\"]".formatted(B, A));
        assertThat(image.digest()).isEqualTo(A);

        undigested("[]", "knows no digest of team/shop:1: push it");
        undigested("null", "knows no digest of team/shop:1: push it");
        undigested("[\"team/shop@%s\", \"team/shop@%s\"]".formatted(A, B), "more than one digest");
        undigested("[\"team/shop@<none>\"]", "\"<none>\" is not a digest");
        undigested("Error", "docker image inspect prints of team/shop is not valid JSON");
    }

    private static void undigested(String printed, String words) {
        assertThatThrownBy(() -> RepoDigests.addTo(shop("team/shop", "1"), "docker", printed))
                .isInstanceOf(InvalidImagesException.class)
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Team/Shop | 1 | sha256:1 | write it in lower case",
                "r.example.com:port/shop | 1 | sha256:1 | is not an image repository",
                "r.example.com:5000/shop | 1 | sha256:0123 | \"sha256:0123\" is not a digest",
                "r.example.com:5000/shop | 1 | sha1:0000 | \"sha1:0000\" is not a digest",
                "r.example.com:5000/shop | a b | sha256:1 | \"a b\" is not a tag",
                "sha256:0123 | 1 | sha256:1 | field image: \"sha256:0123\" is a digest: give it as digest:",
                "shop | sha256:0123 | sha256:1 | field tag: \"sha256:0123\" is a digest: give it as digest:",
                "%1$s | 1 | sha256:1 | is the id or the digest of an image, not a repository",
                "sha256:%1$s | 1 | sha256:1 | is a digest: give it as digest:",
                "shop | 1 | %1$s | podman build, buildah build and docker images print this form as the id"
            })
    void whatIsMalformedIsNamed(String image, String tag, String digest, String words) {
        String hex = "c".repeat(64);
        assertThatThrownBy(() -> KnownImage.of("shop", image.formatted(hex), tag, digest.formatted(hex)))
                .isInstanceOf(InvalidImagesException.class)
                .hasMessageContaining(words);
    }

    /** {@code image: readFile('x.digest')}, and {@code digest:} with the same. */
    @Test
    void filesOfOneLineAreTakenWithTheirEnds() {
        assertThat(KnownImage.of("shop", "\uFEFFteam/shop\r\n", " 1\n", "\uFEFF" + A + "\n")
                        .toImageRef())
                .isEqualTo(new ImageRef("team/shop", "1", A));
        assertThatThrownBy(() -> KnownImage.of("shop", A + "\n", "1", null))
                .hasMessage("Service shop, field image: \"" + A
                        + "\" is a digest: give it as digest:, beside the repository as image: and the tag as tag:.");
    }

    @Test
    void aPortBelongsToTheRegistry() {
        assertThat(KnownImage.of("shop", "r.example.com:5000/shop:1", null, A).toImageRef())
                .isEqualTo(new ImageRef("r.example.com:5000/shop", "1", A));
    }
}
