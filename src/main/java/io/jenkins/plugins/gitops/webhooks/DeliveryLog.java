package io.jenkins.plugins.gitops.webhooks;

import io.jenkins.plugins.gitops.common.AtomicFile;
import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The deliveries to one repository that were processed, with their answers, by which repeated ones are recognised, also
 * after a restart. A delivery that is still accepted for its time is never forgotten; of the others the newest are
 * kept. They are lines of a file, each with the time until which the delivery is accepted in seconds since 1970, the
 * SHA-256 of its id and of its content, the status, and the sentence that was answered.
 */
final class DeliveryLog {

    /** Number of deliveries: twice as many as one a second within the ten minutes in which a signature is accepted. */
    static final int CAPACITY = 1200;

    private static final Logger LOGGER = Logger.getLogger(DeliveryLog.class.getName());
    private static final int FIELDS = 5;
    private static final int LONGEST_SENTENCE = 200;

    private final Path file;
    private final Supplier<Instant> now;
    private final Map<String, Entry> known = new LinkedHashMap<>();
    private final Set<String> running = new HashSet<>();
    private int lines;

    private record Entry(long acceptedUntil, String content, int status, String sentence) {

        static Entry parse(String[] fields) {
            return new Entry(Long.parseLong(fields[0]), fields[2], Integer.parseInt(fields[3]), fields[4]);
        }

        String line(String id) {
            return acceptedUntil + " " + id + " " + content + " " + status + " " + sentence + "\n";
        }
    }

    /**
     * A delivery.
     *
     * @param id stays the same when the delivery is repeated
     * @param content what a delivery of that id has to be again
     * @param acceptedUntil it has to be remembered that long
     */
    record Delivery(String id, String content, Instant acceptedUntil) {}

    /** Does what a delivery asks for. */
    interface Execution {
        WebResponse run() throws HttpRejection, IOException;
    }

    /** Opens the log in a file, which is made when the first delivery is added. */
    DeliveryLog(Path file, Supplier<Instant> now) {
        this.file = file;
        this.now = now;
        if (Files.exists(file)) {
            load();
        }
    }

    /**
     * Executes a delivery, unless it was executed before: then the earlier answer is repeated. A refused delivery
     * counts as not executed.
     *
     * @throws HttpRejection 409 if another delivery had the id, 503 if the same one is being processed or too many have
     *     to be remembered, and whatever the execution throws
     */
    WebResponse once(Delivery delivery, Execution execution) throws HttpRejection, IOException {
        String id = HexDigest.sha256(delivery.id());
        String content = HexDigest.sha256(delivery.content());
        synchronized (this) {
            Entry earlier = known.get(id);
            if (earlier != null && !earlier.content().equals(content)) {
                throw new HttpRejection(409, "Another request had this id before; use a new id for each.");
            }
            if (earlier != null) {
                return WebResponse.sentence(
                        earlier.status(), "This was delivered before, and answered: " + earlier.sentence());
            }
            if (running.contains(id)) {
                throw new HttpRejection(WebResponse.unavailable("This is being processed; send it again."));
            }
            if (known.size() + running.size() >= CAPACITY && !forgetOne()) {
                throw new HttpRejection(WebResponse.unavailable("Too much was delivered lately; send it again later."));
            }
            running.add(id);
        }
        try {
            WebResponse answer = execution.run();
            add(
                    id,
                    new Entry(
                            delivery.acceptedUntil().getEpochSecond(),
                            content,
                            answer.status(),
                            SingleLine.of(answer.body(), LONGEST_SENTENCE)));
            return answer;
        } finally {
            synchronized (this) {
                running.remove(id);
            }
        }
    }

    /** Forgets the oldest delivery that is not accepted any more; returns false if there is none. */
    private boolean forgetOne() {
        long time = now.get().getEpochSecond();
        for (Iterator<Entry> each = known.values().iterator(); each.hasNext(); ) {
            if (each.next().acceptedUntil() < time) {
                each.remove();
                return true;
            }
        }
        return false;
    }

    private synchronized void add(String id, Entry entry) {
        known.put(id, entry);
        try {
            if (++lines > 2 * CAPACITY) {
                rewrite();
            } else {
                Files.createDirectories(file.getParent());
                Files.writeString(file, entry.line(id), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "A delivery is known until Jenkins is restarted only: " + file, e);
        }
    }

    private void rewrite() throws IOException {
        StringBuilder all = new StringBuilder();
        known.forEach((id, entry) -> all.append(entry.line(id)));
        AtomicFile.write(file, all);
        lines = known.size();
    }

    private void load() {
        try {
            // Whatever a crash left there is read; a line that was cut is of a delivery that was not answered.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            List<String> all = text.lines().toList();
            for (String line : all) {
                String[] fields = line.split(" ", FIELDS);
                if (fields.length == FIELDS && fields[0].matches("-?\\d{1,18}") && fields[3].matches("\\d{3}")) {
                    known.remove(fields[1]);
                    known.put(fields[1], Entry.parse(fields));
                }
            }
            while (known.size() >= CAPACITY && forgetOne()) {
                // Until there is room again.
            }
            lines = all.size();
            if (!text.isEmpty() && !text.endsWith("\n")) {
                rewrite();
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Earlier deliveries are not known, since this cannot be read: " + file, e);
        }
    }
}
