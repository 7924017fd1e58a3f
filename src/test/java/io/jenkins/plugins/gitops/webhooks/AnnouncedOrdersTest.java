package io.jenkins.plugins.gitops.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnouncedOrdersTest {

    @TempDir
    Path home;

    /** An announcement of two thousand services with names of a hundred characters. */
    private static ImageAnnouncement announcement(String set, long order) {
        var images = new TreeMap<String, ImageRef>();
        var image = new ImageRef("docker.example.com/a", "1", "sha256:" + "a".repeat(64));
        for (int i = 0; i < 2000; i++) {
            images.put("service-%04d-".formatted(i) + "x".repeat(87), image);
        }
        return new ImageAnnouncement("cfg-app", set, ImageSet.of(images), null, order);
    }

    @Test
    void theOrdersOfManyServicesInManySetsAreAllRemembered() {
        Path file = home.resolve("orders.json");
        var orders = new AnnouncedOrders(file);
        for (int set = 0; set < 10; set++) {
            orders.add(announcement("set-" + set, 7));
        }

        assertThat(new AnnouncedOrders(file).problem(announcement("set-0", 1_000_000), 100))
                .as("read again after a restart")
                .hasValueSatisfying(problem -> assertThat(problem).contains("above the last one, 7"));
    }
}
