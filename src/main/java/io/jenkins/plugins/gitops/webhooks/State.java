package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.configuration.Drivers;
import io.jenkins.plugins.gitops.configuration.Permissions;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.StateJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;

/** {@code GET state/<repo>}: the state behind the page, for those who may read. */
final class State implements Endpoint {

    @Override
    public WebAnswer answer(List<String> names, WebRequest request) throws Rejection {
        String repository = names.get(0);
        if (!Jenkins.get().hasPermission(Permissions.VIEW)) {
            throw new Rejection(403, "This needs the permission GitOps Waves/View.");
        }
        if (Doorkeeper.repository(repository) == null) {
            throw new Rejection(404, "There is no such repository.");
        }
        Drivers drivers = Drivers.get();
        Optional<RepositoryState> state;
        String trouble;
        try {
            state = drivers.state(repository);
            trouble = drivers.trouble(repository);
        } catch (IllegalArgumentException e) {
            throw new Rejection(WebAnswer.unavailable(e.getMessage()));
        }
        if (state.isEmpty()) {
            throw new Rejection(WebAnswer.unavailable(
                    trouble == null ? "The repository " + repository + " is being looked at." : trouble));
        }
        String json = StateJson.write(state.get(), trouble, drivers.hooks().of(repository));
        Map<String, String> headers = Map.of("ETag", etag(json), "Cache-Control", "private, no-cache");
        boolean known = names(request.header("If-None-Match"), etag(json));
        return new WebAnswer(known ? 304 : 200, "application/json;charset=utf-8", known ? "" : json, headers);
    }

    private static String etag(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether a list of entity tags has one, which a proxy may have made weak. */
    private static boolean names(@Nullable String tags, String tag) {
        return tags != null
                && Arrays.stream(tags.split(","))
                        .map(each -> each.strip().replaceFirst("^W/", ""))
                        .anyMatch(each -> each.equals(tag) || each.equals("*"));
    }
}
