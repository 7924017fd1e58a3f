package io.jenkins.plugins.gitops.world;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Generated secrets that tests search for in texts and files, also encoded or as part of longer text. */
public final class MarkedSecrets {

    private final Map<String, String> secrets = new LinkedHashMap<>();

    /** Returns the secret for a purpose, which is the same each time. */
    public String secret(String purpose) {
        return secrets.computeIfAbsent(
                purpose, none -> "marked" + UUID.randomUUID().toString().replace("-", "") + "/+" + purpose);
    }

    /** Returns the purposes of the secrets that occur in a text. */
    public List<String> in(String text) {
        return forms().entrySet().stream()
                .filter(form -> text.contains(form.getKey()))
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
    }

    /** Returns the files below a folder in which secrets occur, each with their purposes. */
    public List<String> inFiles(Path folder) throws IOException {
        var found = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                List<String> purposes = in(text(file));
                if (!purposes.isEmpty()) {
                    found.add(folder.relativize(file) + " " + purposes);
                }
            }
        }
        return found;
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            // Programs that still run replace their files.
            return "";
        }
    }

    private Map<String, String> forms() {
        var forms = new HashMap<String, String>();
        secrets.forEach((purpose, secret) -> {
            forms.put(secret, purpose);
            forms.put(URLEncoder.encode(secret, StandardCharsets.UTF_8), purpose);
            // In the middle of something longer, whatever comes before and after.
            for (int before = 0; before < 3; before++) {
                String encoded = Base64.getEncoder()
                        .withoutPadding()
                        .encodeToString((" ".repeat(before) + secret).getBytes(StandardCharsets.UTF_8));
                forms.put(encoded.substring(before == 0 ? 0 : before + 1, encoded.length() - 2), purpose);
            }
        });
        return forms;
    }
}
