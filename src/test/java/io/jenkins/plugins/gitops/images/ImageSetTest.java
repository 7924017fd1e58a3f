package io.jenkins.plugins.gitops.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.images.ImageSetLayout.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageSetTest {

    private static final String HEX = "6a9ca693f6fff83215c00b653bcf2106124705ad538dc509373523fdd6cefdb4";
    private static final String ANNOUNCED = """
            {
              "Service1": {
                "Digest": "docker.example.com/service1@sha256:%1$s",
                "Tag": "docker.example.com/service1:7d1043473d55bfa90e8530d35801d4e381bc69f0"
              }
            }
            """.formatted(HEX);

    @Provide
    Arbitrary<ImageSet> sets() {
        Arbitrary<String> service = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .withChars("0123456789")
                .ofMinLength(1)
                .ofMaxLength(12);
        Arbitrary<ImageRef> image = Combinators.combine(
                        Arbitraries.of("docker.example.com/a", "localhost:5000/team/b", "library/c__d"),
                        Arbitraries.of("v1", "latest", "7d1043473d55bfa90e8530d35801d4e381bc69f0"),
                        Arbitraries.strings()
                                .withCharRange('a', 'f')
                                .withChars("0123456789")
                                .ofLength(64))
                .as((repository, tag, hex) -> new ImageRef(repository, tag, "sha256:" + hex));
        return Arbitraries.maps(service, image).ofMaxSize(6).map(ImageSet::of);
    }

    @Property
    void whatIsWrittenIsReadAgainInEveryLayout(@ForAll("sets") ImageSet set, @ForAll Layout layout) throws IOException {
        Map<String, byte[]> files = ImageSetLayout.write(set, layout);

        assertThat(files.keySet()).containsExactlyInAnyOrderElementsOf(layout.files());
        assertThat(ImageSetLayout.read(layout, "images/staging", name -> Optional.ofNullable(files.get(name))))
                .isEqualTo(set);
        assertThat(files.values())
                .allSatisfy(bytes ->
                        assertThat(new String(bytes, StandardCharsets.UTF_8)).endsWith("\n"));
    }

    @Property
    void equalSetsHaveEqualBytesAndIdentities(@ForAll("sets") ImageSet set) {
        var shuffled = new TreeMap<String, ImageRef>(Comparator.reverseOrder());
        shuffled.putAll(set.images());
        ImageSet same = ImageSet.of(shuffled);

        assertThat(same.toJson()).isEqualTo(set.toJson());
        assertThat(same.identity()).isEqualTo(set.identity());
        assertThat(ImageSet.parse(set.toJson())).isEqualTo(set);
    }

    @Property
    void theIdentityChangesWithAnyTagButWhatIsDeployedDoesNot(@ForAll("sets") ImageSet set) {
        if (set.isEmpty()) {
            return;
        }
        String service = set.images().firstKey();
        ImageRef image = set.images().get(service);
        ImageSet retagged = set.with(service, new ImageRef(image.repository(), image.tag() + "-again", image.digest()));

        assertThat(retagged.identity()).isNotEqualTo(set.identity());
        assertThat(retagged.sameToDeploy(set)).isTrue();
    }

    /** A pod spec names the repository too. */
    @Test
    void equalDigestsInARepositoryThatMovedAreDeployedAnew() {
        ImageSet set = ImageSet.of(Map.of("shop", new ImageRef("docker.example.com/shop", "1", "sha256:" + HEX)));
        ImageSet moved = set.with("shop", new ImageRef("registry.example.com/shop", "1", "sha256:" + HEX));

        assertThat(moved.sameToDeploy(set)).isFalse();
        assertThat(set.sameToDeploy(moved)).isFalse();
    }

    @Test
    void theAnnouncedFormIsTheCanonicalForm() {
        assertThat(ImageSet.parse(ANNOUNCED).toJson()).isEqualTo(ANNOUNCED);
        assertThat(ImageSet.fromMap(Map.of(
                        "Service1",
                        Map.of(
                                "Tag",
                                "docker.example.com/service1:7d1043473d55bfa90e8530d35801d4e381bc69f0",
                                "Digest",
                                "docker.example.com/service1@sha256:" + HEX))))
                .isEqualTo(ImageSet.parse(ANNOUNCED));
    }

    @Test
    void badSetsAreRefusedWithASentenceThatNamesServiceAndField() {
        refused("[]", "not a JSON object");
        refused("{\"A\": 1}", "Service A: not an object");
        refused(
                "{\"A\": {\"Tag\": \"r/a:1\"}}",
                "Service A, field digest: the digest is missing; give sha256: and 64 hexadecimal digits.");
        refused(
                "{\"A\": {\"Digest\": \"r/a@sha256:" + HEX + "\"}}",
                "Service A, field tag: the tag is missing; give the one that the image was pushed with.");
        refused("{\"A\": {\"Tag\": \"r/a:1\", \"Digest\": \"r/a@md5:00\"}}", "Service A, field digest: \"md5:00\"");
        refused(
                "{\"A\": {\"Tag\": \"r/a:1\", \"Digest\": \"r/b@sha256:" + HEX + "\"}}",
                "Service A, field digest: the repository is r/b here, but another field says r/a; make them agree, or leave one out.");
        refused("{\"A\": {\"Tag\": 1, \"Digest\": \"x\"}}", "Service A, field Tag: not a text; write it in quotes.");
        refused("{\"A\": {\"tag\": \"r/a:1\"}}", "Service A, field tag: not known");
        refused("{\"../etc\": {}}", "Service \"../etc\"");
        refused("{\"A\": {\"Tag\": \"r/a:1\", \"Tag\": \"r/a:2\"}}", "Duplicate");
        refused("{\"A\": {}, \"A\": {}}", "Duplicate");
        refused("{} {}", "not valid JSON");
        refused("", "is empty");
        refused("{\"A\": \"" + "x".repeat(1 << 20) + "\"}", "larger than 1 MiB");
    }

    private static void refused(String json, String words) {
        assertThatThrownBy(() -> ImageSet.parse(json))
                .isInstanceOf(InvalidImagesException.class)
                .hasMessageContaining(words)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").endsWith("."));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "r.example.com/a, v1, sha256:HEX",
                "r.example.com/a:v1, -, sha256:HEX",
                "r.example.com/a:v1@sha256:HEX, -, -",
                "-, r.example.com/a:v1, r.example.com/a@sha256:HEX",
                "r.example.com/a, r.example.com/a:v1, sha256:HEX"
            })
    void anImageIsPutTogetherFromWhatIsKnown(String image, String tag, String digest) {
        assertThat(ImageRef.of("a", hex(image), hex(tag), hex(digest)))
                .isEqualTo(new ImageRef("r.example.com/a", "v1", "sha256:" + HEX));
    }

    private static String hex(String text) {
        return text == null ? null : text.replace("HEX", HEX);
    }

    @Test
    void contradictionsAreRefused() {
        assertThatThrownBy(() -> ImageRef.of("a", "r/a:v1", "v2", "sha256:" + HEX))
                .hasMessage(
                        "Service a, field tag: the tag is v2 here, but another field says v1; make them agree, or leave one out.");
        assertThatThrownBy(() -> ImageRef.of("a", "Not A Repository", "v1", "sha256:" + HEX))
                .hasMessageContaining("field image: \"Not A Repository\" is not an image repository");
    }

    @Test
    void filesThatAreNotASetAreNamed() {
        assertThatThrownBy(() -> ImageSetLayout.read(
                        Layout.TAGS_AND_DIGESTS,
                        "images/staging",
                        name -> Optional.of("{\"A\": \"r/a:1\"}".getBytes(StandardCharsets.UTF_8))
                                .filter(bytes -> name.equals("tags.json"))))
                .hasMessage(
                        "images/staging: Service A, field digest: the digest is missing; give sha256: and 64 hexadecimal digits.");
    }
}
