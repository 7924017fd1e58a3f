package io.jenkins.plugins.gitops.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The last deliveries that were acted on, by their ids, so that one that comes again is known. */
final class DeliveryLog {

    /** Enough for a day of a busy forge; some megabytes, however long the ids are. */
    private static final int KEPT = 20_000;

    private final Set<String> known = Collections.newSetFromMap(new Newest());

    private static final class Newest extends LinkedHashMap<String, Boolean> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > KEPT;
        }
    }

    synchronized boolean has(String id) {
        return known.contains(digest(id));
    }

    synchronized void add(String id) {
        known.add(digest(id));
    }

    private static String digest(String id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
