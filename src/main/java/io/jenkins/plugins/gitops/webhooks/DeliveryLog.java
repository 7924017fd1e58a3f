package io.jenkins.plugins.gitops.webhooks;

import io.jenkins.plugins.gitops.common.HexDigest;
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
        return known.contains(HexDigest.sha256(id));
    }

    synchronized void add(String id) {
        known.add(HexDigest.sha256(id));
    }
}
