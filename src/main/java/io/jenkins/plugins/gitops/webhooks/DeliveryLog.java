package io.jenkins.plugins.gitops.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The ids of the newest deliveries that were processed, by which repeated deliveries are recognised. */
final class DeliveryLog {

    /** Number of ids: a day of a busy forge, in a few megabytes, since only digests of ids are kept. */
    private static final int CAPACITY = 20_000;

    private final Set<String> known = Collections.newSetFromMap(new BoundedMap());

    private static final class BoundedMap extends LinkedHashMap<String, Boolean> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > CAPACITY;
        }
    }

    synchronized boolean contains(String id) {
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
