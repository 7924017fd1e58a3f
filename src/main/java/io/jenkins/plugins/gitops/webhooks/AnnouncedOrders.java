package io.jenkins.plugins.gitops.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.common.AtomicFile;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The highest announced order of each service of one repository, kept in a file. An order that is far above the last
 * one is probably a mistake or an attack: every later announcement would count as older.
 */
final class AnnouncedOrders {

    private static final Logger LOGGER = Logger.getLogger(AnnouncedOrders.class.getName());
    /** Services of all sets of a repository; so many still make a file that is read back. */
    private static final int CAPACITY = 50_000;

    private final Path file;
    private final Map<String, Long> highest = new LinkedHashMap<>();

    /** Opens the file. It is created with the first order. */
    AnnouncedOrders(Path file) {
        this.file = file;
        if (Files.exists(file)) {
            load();
        }
    }

    /**
     * Why the order of an announcement is refused; empty if it is not. The first order of a service is not limited.
     *
     * @param maxStep the greatest allowed difference to the highest order before; 0 for no limit
     */
    synchronized Optional<String> problem(ImageAnnouncement announced, int maxStep) {
        if (announced.number().isEmpty() || maxStep == 0) {
            return Optional.empty();
        }
        long order = announced.number().getAsLong();
        Optional<Long> last = announced.images().images().keySet().stream()
                .map(service -> highest.get(key(announced, service)))
                .filter(known -> known != null)
                .max(Long::compare);
        return last.filter(known -> order - known > maxStep)
                .map(known -> "The order " + order + " is " + (order - known) + " above the last one, " + known
                        + ", and at most " + maxStep + " are taken at once, since every later announcement with a"
                        + " lower order would count as older. Send the right order; if this one is right, an"
                        + " administrator has to raise the repository's maxOrderStep.");
    }

    /** Stores the order of an accepted announcement. */
    synchronized void add(ImageAnnouncement announced) {
        if (announced.number().isEmpty()) {
            return;
        }
        for (String service : announced.images().images().keySet()) {
            highest.merge(key(announced, service), announced.number().getAsLong(), Math::max);
        }
        while (highest.size() > CAPACITY) {
            highest.remove(highest.keySet().iterator().next());
        }
        try {
            ObjectNode root = Json.object();
            highest.forEach(root::put);
            AtomicFile.write(file, Json.write(root));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "An order is known until Jenkins is restarted only: " + file, e);
        }
    }

    private static String key(ImageAnnouncement announced, String service) {
        return announced.set().orElse("") + "/" + service;
    }

    private void load() {
        try {
            JsonNode root = Json.parseStored(Files.readAllBytes(file));
            root.properties()
                    .forEach(each -> highest.put(each.getKey(), each.getValue().asLong()));
        } catch (IOException | MalformedJsonException e) {
            LOGGER.log(Level.WARNING, "Earlier orders are not known, since this cannot be read: " + file, e);
        }
    }
}
