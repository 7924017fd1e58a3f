package io.jenkins.plugins.gitops.explain;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says where changes and waves are, and why, in sentences: the same ones in a terminal, in the JSON and on pages. */
public final class StatusText {

    private final String repository;
    private final String mainBranch;
    private final ReleaseNames releases;

    /**
     * Describes one repository.
     *
     * @param repository its name
     * @param mainBranch the name of its main branch
     * @param releases names of its image sets
     */
    public StatusText(String repository, String mainBranch, ReleaseNames releases) {
        this.repository = repository;
        this.mainBranch = mainBranch;
        this.releases = releases;
    }

    /** The release with this identity and its application commit, between commas; empty if it has no name of its own. */
    private String release(String identity) {
        return releases.find(identity)
                .filter(release ->
                        release.number().isPresent() || release.appSha().isPresent())
                .map(release -> ", release " + release.name()
                        + release.appSha()
                                .map(CommitSha::abbreviate)
                                .filter(sha -> !sha.startsWith(release.name()))
                                .map(sha -> " (" + sha + ")")
                                .orElse("")
                        + ",")
                .orElse("");
    }

    /** Where a change is, why, and what it does. */
    public List<String> of(WhyReport.ChangeAnswer answer) {
        return of(answer.status(), answer.place(), answer.trailers(), answer.by());
    }

    /**
     * The same of a change in the queue.
     *
     * @param place its place there, from 1
     */
    List<String> of(RepositoryState.QueuedChange queued, int place) {
        return of(queued.status(), place, queued.trailers(), Optional.empty());
    }

    /** The same of a change that ended. */
    List<String> of(DecidedChange ended) {
        return of(ChangeExplainer.ended(ended, List.of()), 0, ended.trailers(), Optional.of(ended.by()));
    }

    private List<String> of(ChangeStatus status, int place, Optional<ChangeTrailers> trailers, Optional<String> by) {
        var sentences = new ArrayList<String>();
        sentences.add((trailers.isPresent() ? "Change " : "Commit ") + named(status.id(), status.subject()) + " "
                + where(status, place, by) + ".");
        sentences.add(status.reason());
        trailers.ifPresent(change -> sentences.add(
                "The change " + verb(change) + " " + String.join(", ", change.services()) + " in the wave "
                        + change.wavePath() + (change.reason().isEmpty() ? "." : ": " + change.reason() + ".")));
        return sentences;
    }

    private String where(ChangeStatus status, int place, Optional<String> by) {
        if (!status.ended()) {
            return "is queued in " + repository + " since " + status.since() + ", at place " + place;
        }
        String main = mainBranch + " of " + repository;
        if (by.isEmpty()) {
            return "is on " + main;
        }
        return switch (status.end().orElseThrow().outcome()) {
                    case MERGED -> "was merged into " + main;
                    case SATISFIED -> "was satisfied by what " + main + " has";
                    case SUPERSEDED -> "was superseded in " + repository;
                    case EVICTED -> "was evicted from " + repository;
                    case LOST -> "was lost from " + repository;
                }
                + " at " + status.since() + ", decided by " + by.get();
    }

    private static String verb(ChangeTrailers change) {
        return switch (change.operation()) {
            case ANNOUNCE -> "sets";
            case REPLACE -> "replaces everything by";
            case PROMOTE -> "promotes";
            case ROLLBACK -> "rolls back";
        };
    }

    /** What a wave has, and why nothing else: holds, what it runs, and what keeps the next promotion. */
    public List<String> of(RepositoryState.WaveSnapshot wave) {
        var sentences = new ArrayList<String>();
        sentences.add(images(wave));
        sentences.addAll(deployed(wave));
        wave.live().ifPresent(live -> {
            String reason = live.rollout().reason();
            if (!reason.isEmpty()) {
                sentences.add(reason);
            }
            live.next().ifPresent(next -> sentences.addAll(next(wave.path(), next)));
        });
        return sentences;
    }

    /** The number of images that a wave has on main, or the reason why they cannot be read. */
    public String images(RepositoryState.WaveSnapshot wave) {
        String subject = "The wave " + wave.path() + " has ";
        if (wave.warnings().problem().isPresent()) {
            return subject + "image files on " + mainBranch + " that cannot be read: "
                    + wave.warnings().problem().get();
        }
        int services = wave.images().images().size();
        return services == 0
                ? subject + "no images on " + mainBranch + "."
                : subject + services + (services == 1 ? " service" : " services") + " on " + mainBranch
                        + release(wave.images().identity()).replaceAll(",$", "") + ", a set with the identity "
                        + wave.images().identity() + ".";
    }

    /** What the state says of a wave: who holds it, and what is recorded as deployed. */
    public List<String> deployed(RepositoryState.WaveSnapshot wave) {
        var sentences = new ArrayList<String>();
        wave.state()
                .hold()
                .ifPresent(hold -> sentences.add("The wave " + wave.path() + " is held: "
                        + hold.sentence(wave.path().wave())));
        wave.warnings().starved().ifPresent(sentences::add);
        wave.warnings().unmentioned().ifPresent(sentences::add);
        List<QualifiedSet> qualified = wave.state().qualified();
        if (!qualified.isEmpty()) {
            QualifiedSet newest = qualified.get(qualified.size() - 1);
            sentences.add("The set of config commit " + newest.sha() + " has soaked, and may be promoted to "
                    + wave.path() + " since " + newest.at() + ".");
        }
        if (wave.state().unwell()) {
            sentences.add("A target of " + wave.path() + " was unwell when Argo CD was asked last.");
        }
        wave.deployed()
                .ifPresent(deployed -> wave.state().verifications().stream()
                        .filter(result -> result.identity().equals(deployed.identity()))
                        .forEach(result -> sentences.add("The verification " + result.sentence())));
        wave.state()
                .rolledBack()
                .filter(done -> wave.deployed()
                        .filter(deployed -> done.concerns(deployed.identity()))
                        .isPresent())
                .ifPresent(done -> sentences.add("A failed verification "
                        + (done.to().isEmpty() ? "held it" : "rolled it back") + " at " + done.at() + "."));
        wave.deployed().ifPresent(deployed -> {
            boolean same = deployed.identity().equals(wave.images().identity());
            sentences.add("The state records " + (same ? "this set" : "another set" + release(deployed.identity()))
                    + " as deployed in " + wave.path()
                    + " since " + deployed.since() + ", from config commit " + deployed.sha() + ".");
        });
        return sentences;
    }

    private static List<String> next(WavePath path, RepositoryState.NextPromotion next) {
        if (next.allowed()) {
            return List.of("What " + next.from() + " runs may be promoted to " + path + " now.");
        }
        var sentences = new ArrayList<String>();
        sentences.add("What " + next.from() + " runs may not be promoted to " + path + " now:");
        next.conditions().stream()
                .filter(condition -> !condition.met())
                .map(PromotionCondition::seen)
                .forEach(sentences::add);
        return sentences;
    }

    private static String named(String id, String subject) {
        return id + " \"" + subject + "\"";
    }
}
