package io.jenkins.plugins.gitops.webhooks;

import io.jenkins.plugins.gitops.configuration.ArgoCdServerDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.explain.ControllerFacts;
import io.jenkins.plugins.gitops.runtime.AppComparisons;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * {@code GET state/<repo>}: the state of a repository as JSON, for users with the permission View. With the query
 * {@code past=} and the {@code past} of an earlier answer, the history is left out as long as it is the same.
 */
final class StateEndpoint implements WebEndpoint {

    private final Map<String, StateResponseCache> caches = new ConcurrentHashMap<>();

    @Override
    public WebResponse answer(List<String> names, WebRequest request) throws HttpRejection {
        String repository = names.get(0);
        Optional<RepositoryDefinition> configured =
                GitOpsWavesConfiguration.get().findRepository(repository);
        if (configured.isEmpty()) {
            caches.remove(repository);
        }
        if (configured.filter(known -> known.permits(RepositoryPower.READ)).isEmpty()) {
            throw RepositoryPower.READ.isPermitted()
                    ? new HttpRejection(404, "There is no such repository.")
                    : new HttpRejection(403, "This needs the permission GitOps Waves/View.");
        }
        DriverRegistry drivers = DriverRegistry.get();
        Optional<RepositoryState> state;
        Optional<String> trouble;
        try {
            state = drivers.state(repository);
            trouble = drivers.trouble(repository)
                    .or(() -> Optional.of(String.join(" ", drivers.notificationProblems(repository)))
                            .filter(sentences -> !sentences.isEmpty()));
        } catch (IllegalArgumentException e) {
            throw new HttpRejection(WebResponse.unavailable(e.getMessage()));
        }
        if (state.isEmpty()) {
            throw new HttpRejection(
                    WebResponse.unavailable(trouble.orElse("The repository " + repository + " is being looked at.")));
        }
        return caches.computeIfAbsent(repository, name -> new StateResponseCache())
                .answer(
                        state.get(),
                        new ControllerFacts(
                                trouble,
                                drivers.hooks().healthOf(repository),
                                linkTemplates(configured.get()),
                                wavesWithJob(configured.get()),
                                AppComparisons.get().known(configured.get(), state.get())),
                        request);
    }

    private static Set<String> wavesWithJob(RepositoryDefinition configured) {
        return configured.getWaves().stream()
                .filter(wave -> wave.getName() != null && wave.getPromotionJob() != null)
                .map(WaveDefinition::getName)
                .collect(Collectors.toSet());
    }

    private static Map<String, String> linkTemplates(RepositoryDefinition configured) {
        var links = new TreeMap<String, String>();
        if (configured.getCommitUrl() != null) {
            links.put("commit", configured.getCommitUrl());
        }
        if (configured.getAppCommitUrl() != null) {
            links.put("appCommit", configured.getAppCommitUrl());
        }
        if (configured.getAppCompareUrl() != null) {
            links.put("appCompare", configured.getAppCompareUrl());
        }
        for (ArgoCdServerDefinition server : GitOpsWavesConfiguration.get().getArgoServers()) {
            if (server.getName() != null && server.getUrl() != null) {
                links.put("server " + server.getName(), server.getUrl().replaceAll("/+$", "") + "/applications/");
            }
        }
        return links;
    }
}
