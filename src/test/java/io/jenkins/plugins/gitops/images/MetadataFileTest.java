package io.jenkins.plugins.gitops.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tools write, in their own forms; the names and digests are of no image that there is. */
class MetadataFileTest {

    private static final String HEX = "a".repeat(64);
    private static final String A = "sha256:" + HEX;
    private static final String B = "sha256:" + "b".repeat(64);
    private static final ImageRef SHOP = new ImageRef("r.example.com/team/shop", "1", A);

    private static final String DOCKER_PUSH = """
        The push refers to repository [r.example.com/team/shop]
        5f70bf18a086: Layer already exists
        d8d3d8aae52a: Pushed
        1: digest: %s size: 1994
        """.formatted(A);

    private static KnownImage shop(String image, String tag) {
        return KnownImage.of("shop", image, tag, null);
    }

    private static ImageRef read(KnownImage image, String text) {
        MetadataFile.addTo(image, "pushed", text.formatted(A));
        return image.toImageRef();
    }

    private static void refused(KnownImage image, String text, String... words) {
        assertThatThrownBy(() -> read(image, text))
                .isInstanceOf(InvalidImagesException.class)
                .hasMessageStartingWith("The metadata file pushed ")
                .hasMessageContainingAll(words)
                .satisfies(e -> assertThat(e.getMessage()).endsWith(".").doesNotContain("\n"));
    }

    /** Each says image, tag and digest, so that nothing else needs to be said. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // buildx build, and bake
                "{\"image.name\": \"r.example.com/team/shop:1\", \"containerimage.digest\": \"%s\"}",
                "\uFEFF{\"shop\": {\"image.name\": \"r.example.com/team/shop:1\", \"containerimage.digest\": \"%s\"}}",
                // jib
                "{\"image\": \"r.example.com/team/shop:1\", \"imageId\": \"sha256:1\", \"imageDigest\": \"%s\","
                        + " \"tags\": [\"1\"], \"imagePushed\": true}",
                // skaffold
                "{\"builds\": [{\"imageName\": \"shop\", \"tag\": \"r.example.com/team/shop:1@%s\"}]}",
                // buildx imagetools inspect --format '{{json .}}', and create --metadata-file
                "{\"name\": \"r.example.com/team/shop:1\", \"manifest\": {\"schemaVersion\": 2, \"mediaType\":"
                        + " \"application/vnd.oci.image.index.v1+json\", \"digest\": \"%s\", \"manifests\": []}}",
                "{\"image.name\": \"r.example.com/team/shop:1\", \"containerimage.descriptor\": {\"mediaType\":"
                        + " \"application/vnd.oci.image.index.v1+json\", \"digest\": \"%s\", \"size\": 1}}",
                // Cloud Build
                "{\"id\": \"1\", \"projectId\": \"acme\", \"results\": {\"images\":"
                        + " [{\"name\": \"r.example.com/team/shop:1\", \"digest\": \"%s\"}]}}",
                // pack
                "[image]\n  tags = [\"r.example.com/team/shop:1\"]\n  digest = \"%s\"\n  manifest-size = 2388\n",
                "[build]\n\n[image]\ntags = [\n  \"r.example.com/team/shop:1\",\n]\ndigest = \"%s\"\n"
                        + "image-id = \"sha256:1\"\n\n[run-image]\nreference = \"x@sha256:2\"\n",
                // kaniko --image-name-tag-with-digest-file
                "r.example.com/team/shop:1@%s",
                "\r\nr.example.com/team/shop:1@%s\r\n\r\n"
            })
    void filesWithAllPartsNeedNothingElse(String text) {
        assertThat(read(shop(null, null), text)).isEqualTo(SHOP);
        assertThat(read(shop("r.example.com/team/shop", "1"), text)).isEqualTo(SHOP);
        refused(shop("r.example.com/team/other", "1"), text, "r.example.com/team/shop", "r.example.com/team/other");
        assertThatThrownBy(() -> read(shop(null, "2"), text))
                .isInstanceOf(InvalidImagesException.class)
                .hasMessageContaining("the tag is 1 here, but another field says 2");
    }

    /** Each says image and digest, and nothing of the tag. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // buildx with push-by-digest=true
                "{\"image.name\": \"r.example.com/team/shop\", \"containerimage.digest\": \"%s\"}",
                // kaniko --image-name-with-digest-file with one destination twice, crane push
                "r.example.com/team/shop@%1$s\nr.example.com/team/shop@%1$s\n",
                // ko build --image-refs of two platforms: first the index
                "r.example.com/team/shop@%s\nr.example.com/team/shop@sha256:1\nr.example.com/team/shop@sha256:2",
                // skopeo inspect
                "{\"Name\": \"r.example.com/team/shop\", \"Digest\": \"%s\", \"RepoTags\": [\"0\", \"9\"]}",
                // docker image inspect
                "[{\"Id\": \"sha256:1\", \"RepoTags\": [\"x:9\"], \"RepoDigests\": [\"r.example.com/team/shop@%s\"]}]",
                // pack
                "[image]\ntags = [\"r.example.com/team/shop\"]\ndigest = \"%s\"\n"
            })
    void noTagIsInvented(String text) {
        String whole = text.replace("sha256:1\n", B + "\n").replace("@sha256:2", "@" + B);
        assertThat(read(shop(null, "1"), whole)).isEqualTo(SHOP);
        assertThatThrownBy(() -> read(shop(null, null), whole)).hasMessageContaining("field tag: the tag is missing");
    }

    /** Each is a digest alone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // --digestfile, --digest-file, crane digest
                "%s",
                "%s\n",
                "\n%1$s\n%1$s\n",
                // imagetools inspect --format '{{json .Manifest}}'
                "{\"mediaType\": \"application/vnd.oci.image.index.v1+json\", \"digest\": \"%s\", \"size\": 1}",
                "{\"schemaVersion\": 2, \"mediaType\": \"application/vnd.docker.distribution.manifest.list.v2+json\","
                        + " \"digest\": \"%s\", \"size\": 2010, \"manifests\": [{\"digest\": \"sha256:1\"}]}",
                "{\"containerimage.digest\": \"%s\"}"
            })
    void aDigestAloneIsOfTheImageThatIsSaid(String text) {
        assertThat(read(shop("r.example.com/team/shop", "1"), text)).isEqualTo(SHOP);
        assertThatThrownBy(() -> read(shop(null, "1"), text)).hasMessageContaining("the image repository is missing");
    }

    @Test
    void theOutputOfDockerPushHasADigestForEachTag() {
        String both = DOCKER_PUSH + DOCKER_PUSH.replace("1: digest: " + A, "main: digest: " + B);

        assertThat(read(shop(null, null), DOCKER_PUSH)).isEqualTo(SHOP);
        assertThat(read(shop(null, "1"), both)).isEqualTo(SHOP);
        assertThat(read(shop(null, "main"), both).digest()).isEqualTo(B);
        refused(shop(null, null), both.replace(B, A), "has the tags 1, main; say with tag:");
        refused(shop(null, "1"), DOCKER_PUSH.replace("1: digest: ", "1: "), "a docker push that did not end");
    }

    @Test
    void severalImagesAreToldApart() {
        String refs = "r.example.com/team/cart:1@" + B + "\nr.example.com/team/shop:1@" + A + "\n";
        String builds = "{\"builds\": [{\"imageName\": \"cart\", \"tag\": \"r.example.com/team/cart:1@" + B + "\"},"
                + " {\"imageName\": \"shop\", \"tag\": \"r.example.com/team/shop:1@" + A + "\"}]}";

        for (String text : new String[] {refs, builds}) {
            assertThat(read(shop(null, null), text)).isEqualTo(SHOP);
            assertThat(read(KnownImage.of("front", "r.example.com/team/cart", null, null), text)
                            .digest())
                    .isEqualTo(B);
            refused(KnownImage.of("front", null, "1", null), text, "has the images cart, shop", "which one is front");
        }
        refused(shop("r.example.com/team/shop", "1"), A + "\n" + B, "has the images " + A + ", " + B);
        refused(shop(null, "1"), refs.replace("cart", "shop"), "has the images shop", "not clear which one");
        // kaniko with two destinations
        String destinations = "r.example.com/team/shop:1@%1$s\nmirror.example.com/shop:1@%1$s\n";
        refused(shop(null, "1"), destinations, "has the repositories", "say with image:");
        assertThat(read(shop("mirror.example.com/shop", null), destinations))
                .isEqualTo(new ImageRef("mirror.example.com/shop", "1", A));
    }

    @Test
    void severalDigestsOfOneNameAreOfAnIndexAndItsPlatformsInWhateverOrder() {
        String platform = "sha256:" + "c".repeat(64);
        String apko = "r.example.com/team/shop@" + B + "\nr.example.com/team/shop@" + platform
                + "\nr.example.com/team/shop@" + A + "\n";
        KnownImage image = shop("r.example.com/team/shop", "1");

        assertThat(read(image, apko).digest()).isEqualTo(B);
        assertThat(image.otherDigests()).containsExactly(platform, A);

        KnownImage said = KnownImage.of("shop", "r.example.com/team/shop", "1", A);
        assertThat(read(said, apko)).isEqualTo(SHOP);
        assertThat(said.otherDigests()).as("it is said which one is meant").isEmpty();
    }

    @Test
    void onlyBuildKitSaysThatAnImageHasNoTag() {
        KnownImage byDigest = shop(null, "1");
        read(byDigest, "{\"image.name\": \"r.example.com/team/shop\", \"containerimage.digest\": \"%s\"}");
        assertThat(byDigest.isPushedByDigest()).isTrue();

        for (String text : new String[] {
            "{\"image.name\": \"r.example.com/team/shop:1\", \"containerimage.digest\": \"%s\"}",
            "{\"containerimage.digest\": \"%s\"}",
            "r.example.com/team/shop@%s"
        }) {
            KnownImage tagged = shop("r.example.com/team/shop", "1");
            read(tagged, text);
            assertThat(tagged.isPushedByDigest()).isFalse();
        }
    }

    @Test
    void whatHasNoDigestIsNamedWithTheLineToWrite() {
        KnownImage shop = shop("r.example.com/team/shop", "1");

        refused(shop, "{\"imageDigest\": \"%s\", \"imagePushed\": false}", "Jib pushed nothing", "jib:build");
        refused(shop, "{\"builds\": [{\"tag\": \"r.example.com/team/shop:1\"}]}", "Skaffold", "skaffold build --push");
        refused(shop, "{\"builds\": []}", "skaffold build --push --file-output");
        refused(shop, "{\"projectId\": \"acme\", \"status\": \"WORKING\"}", "Google Cloud Build", "cloudbuild.yaml");
        refused(shop, "[image]\ntags = [\"shop\"]\nimage-id = \"" + A + "\"\n", "pack build --publish");
        refused(shop, "{\"Name\": \"\", \"Digest\": \"%s\"}", "skopeo copy --digestfile");
        refused(shop, "[{\"Id\": \"" + A + "\", \"RepoDigests\": []}]", "image inspect", "push it before");
        refused(shop, "{\"FromImageID\": \"" + HEX + "\"}", "buildah push --digestfile");
        refused(shop, "{\"schemaVersion\": 2, \"config\": {\"digest\": \"%s\"}}", "is a manifest", "crane digest");
        refused(shop, "{\"containerimage.config.digest\": \"%s\"}", "only loaded", "--push");
        refused(shop, "{}", "--push --metadata-file");
        refused(shop, HEX + "\n", "has an image id", "podman push or buildah push --digestfile", "docker push");
        refused(shop, "", "has no digest", "docker buildx build --push --metadata-file");
        refused(shop, "r.example.com/team/shop:1", "its line \"r.example.com/team/shop:1\" is neither", "docker push");
        refused(shop, "Writing manifest to image destination", "podman push, buildah push or skopeo copy --digestfile");
        refused(shop, "{", "is not valid JSON");
    }
}
