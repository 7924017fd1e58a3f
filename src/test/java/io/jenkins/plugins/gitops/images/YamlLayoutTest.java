package io.jenkins.plugins.gitops.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.images.ImageSetLayout.Layout;
import io.jenkins.plugins.gitops.registry.RealTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image files that Helm and Kustomize read as they are. */
class YamlLayoutTest {

    private static final String DIGEST = "sha256:" + "6a9ca693f6fff83215c00b653bcf2106124705ad538dc509373523fdd6cefdb4";

    /** Names and tags that YAML would take for numbers and truth values. */
    private static final ImageSet SET = ImageSet.of(Map.of(
            "orders", new ImageRef("localhost:5000/team/orders", "7d1043473d55", DIGEST),
            "on", new ImageRef("docker.example.com/on", "1.10", DIGEST),
            "1", new ImageRef("docker.example.com/one", "0777", DIGEST)));

    /** Names and tags that YAML, templates or regular expressions could take for something else. */
    private static final ImageSet STRANGE = ImageSet.of(Map.of(
            "1e3",
            new ImageRef("localhost:5000/a", "1e3", DIGEST),
            "null",
            new ImageRef("docker.example.com:8443/null", "null", DIGEST),
            "0x1f",
            new ImageRef("docker.example.com/hex", "0x1f", DIGEST),
            "my.shop",
            new ImageRef("docker.example.com/dotted", "1", DIGEST),
            "myxshop",
            new ImageRef("docker.example.com/plain", "2.0", "sha512:" + "a".repeat(128)),
            "No".repeat(64),
            new ImageRef("docker.example.com/long", "_", DIGEST)));

    private static String write(Layout layout, ImageSet set) {
        byte[] only = ImageSetLayout.write(set, layout).values().iterator().next();
        return new String(only, StandardCharsets.UTF_8);
    }

    private static ImageSet read(Layout layout, String text) throws IOException {
        return ImageSetLayout.read(
                layout, "images/staging", name -> Optional.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aValuesFileHasWhatATemplateNeeds() {
        assertThat(write(Layout.HELM, SET)).isEqualTo("""
            images:
              "1":
                repository: "docker.example.com/one"
                tag: "0777"
                digest: "%1$s"
                reference: "docker.example.com/one@%1$s"
              "on":
                repository: "docker.example.com/on"
                tag: "1.10"
                digest: "%1$s"
                reference: "docker.example.com/on@%1$s"
              "orders":
                repository: "localhost:5000/team/orders"
                tag: "7d1043473d55"
                digest: "%1$s"
                reference: "localhost:5000/team/orders@%1$s"
            """.formatted(DIGEST));
        assertThat(write(Layout.HELM, ImageSet.EMPTY)).isEqualTo("images: {}\n");
    }

    @Test
    void aComponentReplacesTheImageWithTheNameOfTheService() {
        assertThat(write(Layout.KUSTOMIZE, SET)).isEqualTo("""
            apiVersion: kustomize.config.k8s.io/v1alpha1
            kind: Component
            images:
              - name: "1"
                newName: "docker.example.com/one"
                newTag: "0777"
                digest: "%1$s"
              - name: "on"
                newName: "docker.example.com/on"
                newTag: "1.10"
                digest: "%1$s"
              - name: "orders"
                newName: "localhost:5000/team/orders"
                newTag: "7d1043473d55"
                digest: "%1$s"
            """.formatted(DIGEST));
        assertThat(write(Layout.KUSTOMIZE, ImageSet.EMPTY)).isEqualTo("""
            apiVersion: kustomize.config.k8s.io/v1alpha1
            kind: Component
            images: []
            """);
    }

    @Test
    void theEmptySetIsReadAgain() throws IOException {
        for (Layout layout : new Layout[] {Layout.HELM, Layout.KUSTOMIZE}) {
            assertThat(read(layout, write(layout, ImageSet.EMPTY))).isEqualTo(ImageSet.EMPTY);
        }
        assertThat(read(Layout.HELM, "# nothing yet\nimages:\n")).isEqualTo(ImageSet.EMPTY);
    }

    @Test
    void whatToolsAndPeopleMakeOfAFileIsReadTheSame() throws IOException {
        assertThat(read(Layout.KUSTOMIZE, """
            apiVersion: kustomize.config.k8s.io/v1alpha1
            kind: Component

            images:
            - digest: %1$s
              name: orders
              newName: localhost:5000/team/orders
              newTag: 7d1043473d55   # of yesterday
            - digest: '%1$s'
              name: "on"
              newName: docker.example.com/on
              newTag: "1.10"
            """.formatted(DIGEST))).isEqualTo(SET.only(Set.of("orders", "on")));
        assertThat(read(Layout.HELM, """
            ---
            # written by hand
            images:
                orders:
                    digest: %s
                    repository: localhost:5000/team/orders
                    tag: 7d1043473d55
            """.formatted(DIGEST).replace("\n", "\r\n")))
                .isEqualTo(SET.only(Set.of("orders")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "images: &anchor {}",
                "images: *alias",
                "images: {a: {tag: b}}",
                "images:\n\ta: b",
                "images: !!map {}",
                "images: |\n  text",
                "images: x",
                "images:\n  a: {}\n  a: {}",
                "other: 1\nimages: {}",
                "images:\n  a:\n    tag: \"1\n    digest: x",
                "images:\n  a:\n    tag: b: c",
                "- images",
                "images",
                "images:\n  a:\n    b: c",
                "images:\n    a: {}\n  b: {}",
                "images:\n  ../a: {}"
            })
    void whatIsNotWrittenHereIsRefusedWithAPlace(String text) {
        assertThatThrownBy(() -> read(Layout.HELM, text))
                .isInstanceOf(InvalidImagesException.class)
                .hasMessageStartingWith("images/staging/values.yaml");
    }

    @Test
    void contradictionsAndDuplicatesAreNamed() {
        assertThatThrownBy(() -> read(Layout.HELM, write(Layout.HELM, SET).replace("one@sha256:6a", "one@sha256:7a")))
                .hasMessageContainingAll(
                        "images/staging/values.yaml: Service 1, field reference", "is not its repository");
        assertThatThrownBy(() ->
                        read(Layout.KUSTOMIZE, write(Layout.KUSTOMIZE, SET).replace("\"on\"", "\"1\"")))
                .hasMessageContaining("Service 1 is there twice.");
        assertThatThrownBy(() -> read(Layout.KUSTOMIZE, "resources: [a]\nkind: Kustomization\n"))
                .hasMessageContaining("images/staging/kustomization.yaml");
        assertThatThrownBy(() -> read(Layout.KUSTOMIZE, "kind: Kustomization\nimages: []\n"))
                .hasMessageContaining("It is not a component");
        assertThatThrownBy(() -> read(Layout.KUSTOMIZE, write(Layout.KUSTOMIZE, SET) + "patches:\n  - path: \"x\"\n"))
                .hasMessageContaining("patches is not known, and the next delivery would remove it");
    }

    /** Kustomize takes the names of images for regular expressions. */
    @Test
    void aDotInTheNameOfAServiceStandsForItself() throws IOException {
        String text = write(Layout.KUSTOMIZE, STRANGE);

        assertThat(text).contains("- name: \"my[.]shop\"\n");
        assertThat(read(Layout.KUSTOMIZE, text)).isEqualTo(STRANGE);
        assertThat(read(Layout.KUSTOMIZE, text.replace("[.]", "."))).isEqualTo(STRANGE);
        assertThat(read(Layout.HELM, write(Layout.HELM, STRANGE))).isEqualTo(STRANGE);
    }

    @Test
    void aRepositoryThatIsTheNameOfAnotherServiceIsRefusedForKustomize() {
        ImageSet set = ImageSet.of(Map.of(
                "cache", new ImageRef("redis", "7", DIGEST),
                "redis", new ImageRef("docker.example.com/redis", "8", DIGEST)));

        assertThatThrownBy(() -> write(Layout.KUSTOMIZE, set))
                .isInstanceOf(InvalidImagesException.class)
                .hasMessage("Service cache has the repository redis, which Kustomize would take for the service redis;"
                        + " give it with its registry, such as docker.io/library/redis.");
        assertThat(write(Layout.KUSTOMIZE, set.only(Set.of("cache")))).contains("newName: \"redis\"");
        assertThat(write(Layout.HELM, set)).contains("repository: \"redis\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"größe", "a b", "~", "", "a/b", "[.]", "-a"})
    void namesThatAreNoServicesAreRefused(String name) {
        assertThatThrownBy(() -> ImageSet.of(Map.of(name, new ImageRef("docker.example.com/a", "1", DIGEST))))
                .hasMessageContaining("a service name begins with a letter or digit");
    }

    @Test
    void aNameOf200CharactersIsRefused() {
        assertThatThrownBy(
                        () -> ImageSet.of(Map.of("a".repeat(200), new ImageRef("docker.example.com/a", "1", DIGEST))))
                .hasMessageContaining("a service name begins with a letter or digit");
    }

    // ---- the real tools, where they are --------------------------------------------------------------------------

    @TempDir
    Path folder;

    private void put(String file, String content) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    @Test
    void helmTakesItAsAValuesFile() throws Exception {
        RealTools.require("helm");
        put("images/staging/values.yaml", write(Layout.HELM, SET));
        put("chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
        put("chart/templates/pods.yaml", """
            {{- range $service, $image := .Values.images }}
            {{ $service | quote }}: {{ $image.reference }} {{ $image.tag }}
            {{- end }}
            orders: {{ .Values.images.orders.reference }}
            """);

        assertThat(RealTools.run(folder, "helm", "template", "shop", "chart", "-f", "images/staging/values.yaml"))
                .contains("\"1\": docker.example.com/one@" + DIGEST + " 0777")
                .contains("\"on\": docker.example.com/on@" + DIGEST + " 1.10")
                .contains("orders: localhost:5000/team/orders@" + DIGEST);
    }

    @Test
    void kustomizeTakesItAsAComponent() throws Exception {
        RealTools.require("kustomize");
        put("images/staging/kustomization.yaml", write(Layout.KUSTOMIZE, SET));
        put("base/kustomization.yaml", "resources: [pod.yaml]\n");
        put("base/pod.yaml", """
            apiVersion: v1
            kind: Pod
            metadata: {name: shop}
            spec:
              containers:
                - {name: a, image: "1"}
                - {name: b, image: "on"}
                - {name: c, image: orders}
                - {name: d, image: other}
            """);
        put("overlays/staging/kustomization.yaml", "resources: [../../base]\ncomponents: [../../images/staging]\n");

        assertThat(RealTools.run(folder, "kustomize", "build", "overlays/staging"))
                .contains("image: docker.example.com/one:0777@" + DIGEST)
                .contains("image: docker.example.com/on:1.10@" + DIGEST)
                .contains("image: localhost:5000/team/orders:7d1043473d55@" + DIGEST)
                .contains("image: other\n");
    }

    @Test
    void helmTakesStrangeNamesAsTheyAre() throws Exception {
        RealTools.require("helm");
        put("images/staging/values.yaml", write(Layout.HELM, STRANGE));
        put("chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
        put("chart/templates/pods.yaml", """
            {{- range $service, $image := .Values.images }}
            {{ $service | quote }}: {{ printf "%s %s" $image.reference $image.tag | quote }}
            {{- end }}
            """);

        String rendered =
                RealTools.run(folder, "helm", "template", "shop", "chart", "-f", "images/staging/values.yaml");

        STRANGE.images()
                .forEach((service, image) -> assertThat(rendered)
                        .contains("\"" + service + "\": \"" + image.digestReference() + " " + image.tag() + "\""));
    }

    @Test
    void kustomizeTakesStrangeNamesAsTheyAre() throws Exception {
        RealTools.require("kustomize");
        put("images/staging/kustomization.yaml", write(Layout.KUSTOMIZE, STRANGE));
        put("base/kustomization.yaml", "resources: [pod.yaml]\n");
        var pod = new StringBuilder("apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  containers:\n");
        STRANGE.images()
                .keySet()
                .forEach(service ->
                        pod.append("    - {name: a" + service.hashCode() + ", image: \"" + service + "\"}\n"));
        put("base/pod.yaml", pod.toString());
        put("overlays/staging/kustomization.yaml", "resources: [../../base]\ncomponents: [../../images/staging]\n");

        String rendered = RealTools.run(folder, "kustomize", "build", "overlays/staging") + "\n";

        STRANGE.images()
                .forEach((service, image) -> assertThat(rendered)
                        .contains("image: " + image.tagReference() + "@" + image.digest() + "\n    name: a"
                                + service.hashCode() + "\n"));
    }

    /** As a new wave has it. */
    @Test
    void kustomizeTakesAnEmptyComponent() throws Exception {
        RealTools.require("kustomize");
        put("images/staging/kustomization.yaml", write(Layout.KUSTOMIZE, ImageSet.EMPTY));
        put("base/kustomization.yaml", "resources: [map.yaml]\n");
        put("base/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\n");
        put("overlays/staging/kustomization.yaml", "resources: [../../base]\ncomponents: [../../images/staging]\n");

        assertThat(RealTools.run(folder, "kustomize", "build", "overlays/staging"))
                .contains("name: shop");
    }

    /** As a new wave has it. */
    @Test
    void helmTakesAnEmptyValuesFile() throws Exception {
        RealTools.require("helm");
        put("images/staging/values.yaml", write(Layout.HELM, ImageSet.EMPTY));
        put("chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
        put(
                "chart/templates/pods.yaml",
                "{{ range .Values.images }}{{ .reference }}{{ end }}services: {{ len .Values.images }}\n");

        assertThat(RealTools.run(folder, "helm", "template", "shop", "chart", "-f", "images/staging/values.yaml"))
                .contains("services: 0");
    }
}
