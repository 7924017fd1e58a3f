package io.jenkins.plugins.gitops.webhooks;

import io.jenkins.plugins.gitops.configuration.ConfigRepository;
import io.jenkins.plugins.gitops.configuration.Drivers;
import io.jenkins.plugins.gitops.configuration.Permissions;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;

/**
 * {@code GET state/<repo>}: the state behind the page, for those who may read. With {@code ?past=} and the {@code past}
 * of an earlier answer, the history is left out while it is still the same.
 */
final class State implements Endpoint {

    private final Map<String, StateTexts> known = new ConcurrentHashMap<>();

    @Override
    public WebAnswer answer(List<String> names, WebRequest request) throws Rejection {
        String repository = names.get(0);
        if (!Jenkins.get().hasPermission(Permissions.VIEW)) {
            throw new Rejection(403, "This needs the permission GitOps Waves/View.");
        }
        ConfigRepository configured = Doorkeeper.repository(repository);
        if (configured == null) {
            known.remove(repository);
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
        return known.computeIfAbsent(repository, name -> new StateTexts())
                .answer(state.get(), trouble, drivers.hooks().of(repository), links(configured), request);
    }

    private static Map<String, String> links(ConfigRepository configured) {
        var links = new TreeMap<String, String>();
        if (configured.getCommitUrl() != null) {
            links.put("commit", configured.getCommitUrl());
        }
        if (configured.getAppCommitUrl() != null) {
            links.put("appCommit", configured.getAppCommitUrl());
        }
        return links;
    }
}
