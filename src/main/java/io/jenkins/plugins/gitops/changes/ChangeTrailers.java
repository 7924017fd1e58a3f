package io.jenkins.plugins.gitops.changes;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.git.Trailers;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The trailers of the commit of a change, with which the change can be replayed on any base. The images of its services
 * are in the tree of the commit.
 *
 * @param id the id of the change, which stays the same when its commit is rewritten
 * @param wavePath the image set that the change writes
 * @param services the services that the change sets, sorted
 * @param appSha the full SHA of the application's commit
 * @param order the place among the changes of one job or announcer; empty if these have no numbers
 * @param reason the reason of the change in a few words; may be an empty string
 * @param sourceWave of a promotion, the wave whose set is promoted
 * @param sourceSha of a promotion or rollback, the config commit whose set is written
 * @param buildUrl the URL of the build that made the change
 * @param bodyInputs the id of the tree of the files that the body of the step could read, if a body made files of the
 *     change and nothing else makes them again
 */
public record ChangeTrailers(
        String id,
        ChangeOperation operation,
        WavePath wavePath,
        SortedSet<String> services,
        Optional<String> appSha,
        Optional<BuildSequence> order,
        String reason,
        Optional<String> sourceWave,
        Optional<String> sourceSha,
        Optional<String> buildUrl,
        Optional<String> bodyInputs) {

    static final String PREFIX = "Autocommit-";
    private static final String ID = PREFIX + "Id";
    private static final String OPERATION = PREFIX + "Operation";
    private static final String TARGET = PREFIX + "Target";
    private static final String SET = PREFIX + "Set";
    private static final String SERVICES = PREFIX + "Services";
    private static final String APP_SHA = PREFIX + "App-SHA";
    private static final String ORDER = PREFIX + "Order";
    private static final String REASON = PREFIX + "Reason";
    private static final String SOURCE_WAVE = PREFIX + "Source-Wave";
    private static final String SOURCE_SHA = PREFIX + "Source-SHA";
    private static final String BUILD = PREFIX + "Build";
    private static final String LAYOUT = PREFIX + "Layout";
    private static final String BODY_INPUTS = PREFIX + "Body-Inputs";

    /**
     * The length of the longest commit message with trailers, in characters: room for 40,000 services with names of 100
     * characters. A change with a longer message is refused before anything is written.
     */
    static final int MAX_MESSAGE_LENGTH = 4 << 20;

    private static final Pattern ID_FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{7,63}");

    /** A builder with the required values, without services. */
    public static Builder builder(String id, ChangeOperation operation, WavePath wavePath) {
        return new Builder(id, operation, wavePath);
    }

    /** Builds trailers. */
    public static final class Builder {

        private final String id;
        private final ChangeOperation operation;
        private final WavePath wavePath;
        private SortedSet<String> services = new TreeSet<>();
        private Optional<String> appSha = Optional.empty();
        private Optional<BuildSequence> order = Optional.empty();
        private String reason = "";
        private Optional<String> sourceWave = Optional.empty();
        private Optional<String> sourceSha = Optional.empty();
        private Optional<String> buildUrl = Optional.empty();
        private Optional<String> bodyInputs = Optional.empty();

        private Builder(String id, ChangeOperation operation, WavePath wavePath) {
            this.id = id;
            this.operation = operation;
            this.wavePath = wavePath;
        }

        private Builder(ChangeTrailers trailers) {
            this(trailers.id, trailers.operation, trailers.wavePath);
            services = trailers.services;
            appSha = trailers.appSha;
            order = trailers.order;
            reason = trailers.reason;
            sourceWave = trailers.sourceWave;
            sourceSha = trailers.sourceSha;
            buildUrl = trailers.buildUrl;
            bodyInputs = trailers.bodyInputs;
        }

        public Builder services(SortedSet<String> names) {
            services = names;
            return this;
        }

        public Builder appSha(@Nullable String sha) {
            appSha = Optional.ofNullable(sha);
            return this;
        }

        public Builder order(Optional<BuildSequence> sequence) {
            order = sequence;
            return this;
        }

        public Builder reason(String words) {
            reason = words;
            return this;
        }

        public Builder sourceWave(@Nullable String wave) {
            sourceWave = Optional.ofNullable(wave);
            return this;
        }

        public Builder sourceSha(@Nullable String sha) {
            sourceSha = Optional.ofNullable(sha);
            return this;
        }

        public Builder buildUrl(@Nullable String url) {
            buildUrl = Optional.ofNullable(url);
            return this;
        }

        public Builder bodyInputs(@Nullable String tree) {
            bodyInputs = Optional.ofNullable(tree);
            return this;
        }

        public ChangeTrailers build() {
            return new ChangeTrailers(
                    id,
                    operation,
                    wavePath,
                    services,
                    appSha,
                    order,
                    reason,
                    sourceWave,
                    sourceSha,
                    buildUrl,
                    bodyInputs);
        }
    }

    /** The message of a commit that brings all image files to a layout; it is no change of a wave, and has no id. */
    public static String messageOfLayout(String layout) {
        return Trailers.message("chore: keep the images in the layout " + layout, Map.of(LAYOUT, layout));
    }

    /** Whether a commit has that message. */
    public static boolean isOfLayout(QueuedCommit commit) {
        return commit.trailers().isEmpty()
                && Trailers.read(commit.message()).orElse(List.of()).stream()
                        .anyMatch(trailer -> trailer.getKey().equals(LAYOUT));
    }

    /** Checks that an id can be a file name and a part of a ref. */
    static void checkId(String id) {
        if (!isId(id)) {
            throw new IllegalArgumentException("\"" + SingleLine.of(id) + "\" is not the id of a change.");
        }
    }

    /** Whether a text has the form of a change's id. */
    public static boolean isId(String text) {
        return ID_FORM.matcher(text).matches();
    }

    /**
     * Reads the trailers of a commit message. Empty for a hand-made commit: if trailers are missing, occur twice or are
     * malformed, or the message is longer than that of any change.
     */
    public static Optional<ChangeTrailers> read(String message) {
        if (message.length() > MAX_MESSAGE_LENGTH) {
            return Optional.empty();
        }
        var values = new HashMap<String, String>();
        for (Map.Entry<String, String> trailer : Trailers.read(message).orElse(List.of())) {
            if (trailer.getKey().startsWith(PREFIX) && values.put(trailer.getKey(), trailer.getValue()) != null) {
                return Optional.empty();
            }
        }
        var operation = ChangeOperation.of(values.getOrDefault(OPERATION, ""));
        String id = values.getOrDefault(ID, "");
        String wave = values.getOrDefault(TARGET, "");
        String set = values.get(SET);
        var services = services(values.getOrDefault(SERVICES, ""));
        String order = values.get(ORDER);
        var parsedOrder = order == null ? Optional.<BuildSequence>empty() : BuildSequence.of(order);
        boolean complete = isId(id)
                && operation.isPresent()
                && !wave.isEmpty()
                && !wave.contains("/")
                && (set == null || !set.isEmpty() && !set.contains("/"))
                && services.isPresent()
                && (order == null || parsedOrder.isPresent());
        if (!complete) {
            return Optional.empty();
        }
        return Optional.of(builder(id, operation.get(), WavePath.of(wave, set))
                .services(services.get())
                .appSha(values.get(APP_SHA))
                .order(parsedOrder)
                .reason(SingleLine.whole(values.getOrDefault(REASON, "")))
                .sourceWave(values.get(SOURCE_WAVE))
                .sourceSha(values.get(SOURCE_SHA))
                .buildUrl(values.get(BUILD))
                .bodyInputs(values.get(BODY_INPUTS))
                .build());
    }

    private static Optional<SortedSet<String>> services(String list) {
        var services = new TreeSet<String>();
        try {
            for (String service : list.isBlank() ? new String[0] : list.split(",")) {
                services.add(ImageSet.checkService(service.strip()));
            }
        } catch (InvalidImagesException e) {
            return Optional.empty();
        }
        return Optional.of(services);
    }

    /**
     * The commit message with this first line and these trailers.
     *
     * @throws IllegalArgumentException with a sentence that names the largest trailer, if the message is longer than
     *     the limit for reading
     */
    public String message(String subject) {
        Map<String, String> trailers = values();
        String message = Trailers.message(subject, trailers);
        if (message.length() <= MAX_MESSAGE_LENGTH) {
            return message;
        }
        Map.Entry<String, String> largest = Collections.max(
                trailers.entrySet(),
                Comparator.comparingInt(trailer -> trailer.getValue().length()));
        throw new IllegalArgumentException("The commit message of the change would be " + message.length()
                + " characters long, and at most " + MAX_MESSAGE_LENGTH + " are read back. " + largest.getKey()
                + " alone has " + largest.getValue().length()
                + " characters: make it shorter, or make several changes.");
    }

    private Map<String, String> values() {
        var trailers = new LinkedHashMap<String, String>();
        trailers.put(ID, id);
        trailers.put(OPERATION, operation.toString());
        trailers.put(TARGET, wavePath.wave());
        putIfPresent(trailers, SET, wavePath.set());
        trailers.put(SERVICES, String.join(", ", services));
        putIfPresent(trailers, APP_SHA, appSha);
        putIfPresent(trailers, ORDER, order.map(BuildSequence::toString));
        putIfPresent(trailers, REASON, Optional.of(reason));
        putIfPresent(trailers, SOURCE_WAVE, sourceWave);
        putIfPresent(trailers, SOURCE_SHA, sourceSha);
        putIfPresent(trailers, BUILD, buildUrl);
        putIfPresent(trailers, BODY_INPUTS, bodyInputs);
        return trailers;
    }

    private static void putIfPresent(Map<String, String> trailers, String token, Optional<String> value) {
        value.filter(text -> !SingleLine.whole(text).isEmpty()).ifPresent(text -> trailers.put(token, text));
    }

    /** A copy with other services. */
    public ChangeTrailers withServices(SortedSet<String> names) {
        return new Builder(this).services(names).build();
    }

    /** A copy of a change whose body could read the files of a tree. */
    public ChangeTrailers withBodyInputs(String tree) {
        return new Builder(this).bodyInputs(tree).build();
    }
}
