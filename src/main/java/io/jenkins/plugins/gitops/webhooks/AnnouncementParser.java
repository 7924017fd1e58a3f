package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Parses an announcement of images: the images are in the body, everything else is in the query. */
final class AnnouncementParser {

    private static final List<String> PARAMETERS = List.of("appSha", "order", "set", "replace", "redeliver");
    private static final Predicate<String> NUMBER = Pattern.compile("\\d{1,18}").asMatchPredicate();
    private static final Predicate<String> SET =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}").asMatchPredicate();

    private AnnouncementParser() {}

    static ImageAnnouncement parse(String repository, @Nullable String query, byte[] body) throws HttpRejection {
        Map<String, String> given = parameters(query);
        Optional<String> appSha =
                parameter(given, "appSha", CommitSha::isFull, "a full commit SHA, 40 hexadecimal digits");
        Optional<Long> order = parameter(given, "order", NUMBER, "a number of at most 18 digits")
                .map(Long::valueOf);
        Optional<String> set = parameter(given, "set", SET, "the name of an image set");
        return new ImageAnnouncement(
                        repository, set.orElse(null), images(body), appSha.orElse(null), order.orElse(null))
                .replacing(flag(given, "replace"))
                .redelivering(flag(given, "redeliver"));
    }

    private static boolean flag(Map<String, String> given, String name) throws HttpRejection {
        return parameter(given, name, value -> value.equals("true") || value.equals("false"), "true or false")
                .map(Boolean::valueOf)
                .orElse(false);
    }

    private static ImageSet images(byte[] body) throws HttpRejection {
        try {
            ImageSet images = ImageSet.parse(new String(body, StandardCharsets.UTF_8));
            if (images.isEmpty()) {
                throw new HttpRejection(400, "The body names no service.");
            }
            return images;
        } catch (InvalidImagesException e) {
            throw new HttpRejection(400, e.getMessage());
        }
    }

    private static Map<String, String> parameters(@Nullable String query) throws HttpRejection {
        Map<String, String> given = new HashMap<>();
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!PARAMETERS.contains(name) || given.put(name, decoded(pair.substring(equals + 1))) != null) {
                throw new HttpRejection(
                        400, "The query takes " + String.join(", ", PARAMETERS) + ", each once, and nothing else.");
            }
        }
        return given;
    }

    private static String decoded(String value) throws HttpRejection {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new HttpRejection(400, "The query is not encoded as that of an address.");
        }
    }

    /** The value of a parameter; empty if the parameter is absent or empty, as the variable of a script may be. */
    private static Optional<String> parameter(
            Map<String, String> given, String name, Predicate<String> form, String description) throws HttpRejection {
        String value = given.getOrDefault(name, "");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!form.test(value)) {
            throw new HttpRejection(400, "The " + name + " is not " + description + ".");
        }
        return Optional.of(value);
    }
}
