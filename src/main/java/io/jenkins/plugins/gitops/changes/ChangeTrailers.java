package io.jenkins.plugins.gitops.changes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.git.Trailers;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a change records of itself in its commit, so that it can be executed again on any base. The values of its
 * services are in the commit's own tree.
 *
 * @param wavePath the image set it writes
 * @param services the services it sets, sorted
 * @param order who is newer, if the origin counts its changes
 * @param sourceWave for a promotion: where the set came from
 * @param sourceSha for a promotion or rollback: the config commit that was deployed there
 */
public record ChangeTrailers(
        String id,
        ChangeOperation operation,
        WavePath wavePath,
        SortedSet<String> services,
        @CheckForNull String appSha,
        @CheckForNull BuildSequence order,
        String reason,
        @CheckForNull String sourceWave,
        @CheckForNull String sourceSha,
        @CheckForNull String build) {

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

    private static final Pattern ID_FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{7,63}");

    public ChangeTrailers(
            String id,
            ChangeOperation operation,
            WavePath wavePath,
            SortedSet<String> services,
            @Nullable String appSha,
            @Nullable BuildSequence order,
            String reason,
            @Nullable String sourceWave,
            @Nullable String sourceSha,
            @Nullable String build) {
        this.id = id;
        this.operation = operation;
        this.wavePath = wavePath;
        this.services = services;
        this.appSha = appSha;
        this.order = order;
        this.reason = reason;
        this.sourceWave = sourceWave;
        this.sourceSha = sourceSha;
        this.build = build;
    }

    /** What a new change will record when it sets these of its services. */
    public static ChangeTrailers of(NewChange change, SortedSet<String> services) {
        String order = change.order();
        return new ChangeTrailers(
                change.id(),
                change.operation(),
                change.wavePath(),
                services,
                change.appSha(),
                order == null ? null : BuildSequence.of(order).orElse(null),
                change.reason(),
                change.sourceWave(),
                change.sourceSha(),
                change.build());
    }

    /** Refuses an id that could not be a file name and part of a ref. */
    static String checkId(String id) {
        if (!ID_FORM.matcher(id).matches()) {
            throw new IllegalArgumentException("\"" + SingleLine.of(id) + "\" is not the id of a change.");
        }
        return id;
    }

    /** Whether a text has the form of a change's id. */
    public static boolean isId(String text) {
        return ID_FORM.matcher(text).matches();
    }

    /**
     * Reads them from a commit message. Nothing if the commit is hand-made: its trailers are missing, doubled or
     * malformed.
     */
    public static Optional<ChangeTrailers> read(String message) {
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
        return Optional.of(new ChangeTrailers(
                id,
                operation.get(),
                WavePath.of(wave, set),
                services.get(),
                values.get(APP_SHA),
                parsedOrder.orElse(null),
                values.getOrDefault(REASON, ""),
                values.get(SOURCE_WAVE),
                values.get(SOURCE_SHA),
                values.get(BUILD)));
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

    /** The message of the change's commit. */
    public String message(String subject) {
        var trailers = new LinkedHashMap<String, String>();
        trailers.put(ID, id);
        trailers.put(OPERATION, operation.toString());
        trailers.put(TARGET, wavePath.wave());
        putIfKnown(trailers, SET, wavePath.set().orElse(null));
        trailers.put(SERVICES, String.join(", ", services));
        putIfKnown(trailers, APP_SHA, appSha);
        putIfKnown(trailers, ORDER, order == null ? null : order.toString());
        putIfKnown(trailers, REASON, reason);
        putIfKnown(trailers, SOURCE_WAVE, sourceWave);
        putIfKnown(trailers, SOURCE_SHA, sourceSha);
        putIfKnown(trailers, BUILD, build);
        return Trailers.message(subject, trailers);
    }

    private static void putIfKnown(Map<String, String> trailers, String token, @Nullable String value) {
        if (value != null && !SingleLine.whole(value).isEmpty()) {
            trailers.put(token, value);
        }
    }

    /** The same change, setting fewer services. */
    public ChangeTrailers withServices(SortedSet<String> fewer) {
        return new ChangeTrailers(id, operation, wavePath, fewer, appSha, order, reason, sourceWave, sourceSha, build);
    }
}
