package io.jenkins.plugins.gitops.runtime;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.ci.CommitRange;
import io.jenkins.plugins.gitops.ci.CommitRangeCache;
import io.jenkins.plugins.gitops.ci.forges.ForgeClient;
import io.jenkins.plugins.gitops.configuration.ConfigurationListener;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.AppRepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.ForgeCheckSource;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.explain.ReleaseNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The commits of the application between two releases, from the forge that has its repository. Only commits that
 * releases of the config repository were built from are requested, so that nobody reads others with the stored token.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class AppComparisons {

    /** The waves of a page that show what would come to them; others keep the link to the comparison. */
    private static final int MOST_PAIRS = 20;

    private final Map<String, OpenForge> forges = new HashMap<>();

    private record Pair(String from, String to) {}

    /** An open forge with the state for which pairs were looked up last. Guarded by the registry. */
    private static final class OpenForge {
        /** The identity of its configuration: with another one, it is opened anew. */
        private final Object key;

        private final ForgeClient client;
        private final CommitRangeCache ranges;

        @CheckForNull
        private RepositoryState state;

        private List<Pair> pairs = List.of();

        OpenForge(Object key, ForgeClient client) {
            this.key = key;
            this.client = client;
            this.ranges = new CommitRangeCache(client, DriverRegistry.get().clock());
        }
    }

    /** The one instance of this controller. */
    public static AppComparisons get() {
        return ExtensionList.lookupSingleton(AppComparisons.class);
    }

    /**
     * The commits that each wave would get by a promotion, by {@code from..to}, as far as they have been read; reading
     * the others is begun, and a later call has them. It does not block.
     */
    public synchronized Map<String, CommitRange> known(RepositoryDefinition repository, RepositoryState state) {
        Optional<OpenForge> open = open(repository);
        if (open.isEmpty()) {
            return Map.of();
        }
        OpenForge forge = open.get();
        if (forge.state != state) {
            forge.pairs = pairs(state);
            forge.state = state;
        }
        var known = new TreeMap<String, CommitRange>();
        for (Pair pair : forge.pairs) {
            forge.ranges
                    .find(pair.from(), pair.to())
                    .ifPresent(range -> known.put(pair.from() + ".." + pair.to(), range));
        }
        return known;
    }

    /**
     * Reads the commits that one release has and another does not; empty where the repository of the application is not
     * configured, or a release has no commit.
     */
    public synchronized CompletableFuture<Optional<CommitRange>> between(
            RepositoryDefinition repository, Optional<ReleaseNames.Release> from, Optional<ReleaseNames.Release> to) {
        Optional<String> first = from.flatMap(ReleaseNames.Release::appSha);
        Optional<String> last = to.flatMap(ReleaseNames.Release::appSha);
        Optional<OpenForge> forge = first.isEmpty() || last.isEmpty() ? Optional.empty() : open(repository);
        return forge.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : forge.get().ranges.read(first.get(), last.get()).thenApply(Optional::of);
    }

    /** The configured forge of the application; empty if there is none. */
    private Optional<OpenForge> open(RepositoryDefinition repository) {
        String name = Objects.toString(repository.getName(), "");
        OpenForge before = forges.get(name);
        Optional<ForgeCheckSource> configured =
                Optional.ofNullable(repository.getAppRepository()).map(AppRepositoryDefinition::toForge);
        if (before != null && configured.map(ForgeCheckSource::configurationKey).equals(Optional.of(before.key))) {
            return Optional.of(before);
        }
        if (before != null) {
            before.client.close();
            forges.remove(name);
        }
        configured.ifPresent(forge -> forges.put(
                name,
                new OpenForge(
                        forge.configurationKey(),
                        ForgeRegistry.get().open(forge.toSettings(), forge.getCredentialsId()))));
        return Optional.ofNullable(forges.get(name));
    }

    private synchronized void closeRemoved() {
        forges.entrySet().removeIf(each -> {
            boolean removed =
                    GitOpsWavesConfiguration.get().findRepository(each.getKey()).isEmpty();
            if (removed) {
                each.getValue().client.close();
            }
            return removed;
        });
    }

    /** Ends the use of the forges of repositories that are no longer configured. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class RemovalObserver extends ConfigurationListener {
        @Override
        public void configurationChanged() {
            AppComparisons.get().closeRemoved();
        }
    }

    /** The commits of what each wave has and of what would come to it. */
    private static List<Pair> pairs(RepositoryState state) {
        ReleaseNames names = ReleaseNames.of(state);
        var pairs = new ArrayList<Pair>();
        for (RepositoryState.WaveSnapshot wave : state.waves()) {
            Optional<String> now = names.find(wave.images().identity()).flatMap(ReleaseNames.Release::appSha);
            Optional<String> next = wave.live()
                    .flatMap(RepositoryState.LiveState::next)
                    .flatMap(coming -> names.find(coming.identity()))
                    .flatMap(ReleaseNames.Release::appSha);
            if (now.isPresent() && next.isPresent() && !now.equals(next) && pairs.size() < MOST_PAIRS) {
                pairs.add(new Pair(now.get(), next.get()));
            }
        }
        return pairs;
    }
}
