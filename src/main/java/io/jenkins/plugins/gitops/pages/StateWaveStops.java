package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Extension;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.DeliveryStop;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.build.SafeLinks;
import io.jenkins.plugins.gitops.build.WaveStopLookup;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.PastDeployment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Says when each wave came to run what a build delivered, and when it left it, from the state in git: also long after the
 * build has ended.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class StateWaveStops implements WaveStopLookup {

    private static final Logger LOGGER = Logger.getLogger(StateWaveStops.class.getName());

    @Override
    public List<DeliveryStop> waves(DeliveryAction delivery) {
        var stops = new ArrayList<DeliveryStop>();
        for (RepositoryDefinition repository : GitOpsWavesConfiguration.get().getRepositories()) {
            try {
                if (repository.getName() != null && repository.permits(RepositoryPower.READ)) {
                    DriverRegistry.get()
                            .state(repository.getName())
                            .ifPresent(state -> stops.addAll(
                                    of(delivery, state, Jenkins.get().getRootUrl())));
                }
            } catch (IllegalArgumentException e) {
                LOGGER.log(Level.FINE, "There is no state of " + repository.getName(), e);
            }
        }
        return stops;
    }

    /**
     * The waves of a repository on the way of a delivery.
     *
     * @param root the address of Jenkins, or null if it is not known
     */
    static List<DeliveryStop> of(DeliveryAction delivery, RepositoryState state, @Nullable String root) {
        Set<String> ids = delivery.getChanges().stream()
                .filter(change -> change.getRepository().equals(state.repository()))
                .map(ChangeEntry::getId)
                .collect(Collectors.toSet());
        // What the build's changes made; two changes of a build may have brought two sets.
        Set<String> identities = state.history().stream()
                .filter(change -> ids.contains(change.id()))
                .map(change -> identity(state, change))
                .filter(identity -> !identity.isEmpty())
                .collect(Collectors.toSet());
        if (identities.isEmpty()) {
            return List.of();
        }
        String link = root == null
                ? null
                : root + SafeLinks.livePage(state.repository()).substring(1);
        return state.waves().stream()
                .map(wave -> stop(state, wave, identities, link))
                .toList();
    }

    private static String identity(RepositoryState state, DecidedChange change) {
        RepositoryState.BroughtImages brought = state.brought().get(change.sha());
        return brought == null ? "" : brought.identity();
    }

    private static DeliveryStop stop(
            RepositoryState state, RepositoryState.WaveSnapshot wave, Set<String> identities, @Nullable String link) {
        String name = wave.path().toString();
        Optional<DeployedSet> here = wave.deployed().filter(set -> identities.contains(set.identity()));
        if (here.isPresent()) {
            return DeliveryStop.of(
                    name,
                    EntryState.DEPLOYED,
                    new DeliveryStop.Place(link, here.get().since(), null));
        }
        Optional<PastDeployment> was = wave.state().earlier().stream()
                .filter(past -> identities.contains(past.set().identity()))
                .findFirst();
        if (was.isPresent()) {
            return DeliveryStop.of(
                    name,
                    EntryState.SUPERSEDED,
                    new DeliveryStop.Place(
                            link, was.get().set().since(), was.get().until()));
        }
        Optional<DeliveryStop.Place> merged =
                hasTargets(wave) ? Optional.empty() : merged(state, wave, identities, link);
        if (merged.isPresent()) {
            boolean left = merged.get().left() != null;
            return DeliveryStop.of(name, left ? EntryState.SUPERSEDED : EntryState.DEPLOYED, merged.get());
        }
        DeliveryStop.Place place = new DeliveryStop.Place(link, null, null);
        return identities.contains(wave.images().identity())
                ? DeliveryStop.of(name, EntryState.WAITING, place)
                : DeliveryStop.ahead(name, place);
    }

    /** Whether what runs there is seen, or would be if it could be asked. */
    private static boolean hasTargets(RepositoryState.WaveSnapshot wave) {
        return wave.live()
                .map(RepositoryState.LiveState::rollout)
                .map(rollout ->
                        !rollout.targets().isEmpty() || rollout.trouble().isPresent())
                .orElse(true);
    }

    /** When main came to have it for a wave without targets, which runs what main has. */
    private static Optional<DeliveryStop.Place> merged(
            RepositoryState state, RepositoryState.WaveSnapshot wave, Set<String> identities, @Nullable String link) {
        Instant left = null;
        for (DecidedChange change : state.history()) {
            boolean here = change.outcome() == Outcome.MERGED
                    && change.trailers()
                            .map(trailers -> trailers.wavePath().equals(wave.path()))
                            .orElse(false);
            if (here && identities.contains(identity(state, change))) {
                return Optional.of(new DeliveryStop.Place(link, change.at(), left));
            }
            if (here) {
                left = change.at();
            }
        }
        return Optional.empty();
    }
}
