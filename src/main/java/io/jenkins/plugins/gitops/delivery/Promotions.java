package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.repo.Appending;
import io.jenkins.plugins.gitops.repo.AutoBranch;
import io.jenkins.plugins.gitops.repo.Line;
import io.jenkins.plugins.gitops.repo.NewChange;
import io.jenkins.plugins.gitops.repo.Operation;
import io.jenkins.plugins.gitops.repo.SetPlace;
import io.jenkins.plugins.gitops.waves.Condition;
import io.jenkins.plugins.gitops.waves.Wave;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.eclipse.jgit.lib.ObjectId;

/** Decides whether what one wave runs may go to the next, and makes the change that takes it there. */
final class Promotions {

    private static final int SHORT = 10;

    private final AutoBranch branch;
    private final Rollouts rollouts;

    Promotions(AutoBranch branch, Rollouts rollouts) {
        this.branch = branch;
        this.rollouts = rollouts;
    }

    /**
     * What is to be done for a wish.
     *
     * @param change what to append, or null if nothing is
     * @param superseded whether a newer set took the place of the wished one, so that there is nothing left to wish
     */
    record Decision(@CheckForNull NewChange change, boolean superseded, List<Condition> conditions) {}

    /**
     * Decides on a wish.
     *
     * @param line the auto branch on which the change would be laid
     */
    Decision decide(Promotion wish, Line line) throws IOException {
        Source source = source(wish.from(), wish.to(), wish.set(), wish.revision(), line);
        ImageSet set = source.set();
        return set == null
                ? new Decision(null, source.superseded(), source.conditions())
                : new Decision(change(wish, source.sha(), set), false, source.conditions());
    }

    /** What would be promoted from one wave to another now. */
    RepositoryState.Next next(Wave from, Wave to, @Nullable String name, Line line) throws IOException {
        Source source = source(from, to, name, null, line);
        var conditions = new ArrayList<>(source.conditions());
        var services = new TreeSet<String>();
        ImageSet set = source.set();
        if (set != null) {
            ImageSet present = branch.images(line.main(), SetPlace.of(to.name(), name));
            services.addAll(set.images().keySet());
            services.addAll(present.images().keySet());
            services.removeIf(service -> Objects.equals(set.get(service), present.get(service)));
            conditions.add(differs(to.name(), !services.isEmpty()));
        }
        return new RepositoryState.Next(from.name(), List.copyOf(services), conditions);
    }

    /**
     * What one wave has for another.
     *
     * @param sha the config commit that is deployed, or empty
     * @param set its set, or null if it may not be promoted
     * @param superseded whether a newer set took the place of the one that was asked for
     */
    private record Source(String sha, @CheckForNull ImageSet set, boolean superseded, List<Condition> conditions) {}

    private Source source(Wave from, Wave to, @Nullable String name, @Nullable String revision, Line line)
            throws IOException {
        Rollout rollout = rollouts.of(from, revision);
        String sha = rollout.deployed();
        if (rollout.superseded() || sha == null) {
            var unmet = new Condition(Condition.DEPLOYED, false, "in " + from.name() + ": " + rollout.reason());
            return new Source("", null, rollout.superseded(), List.of(unmet));
        }
        var conditions = new ArrayList<Condition>();
        conditions.add(
                new Condition(Condition.DEPLOYED, true, from.name() + " runs " + shown(sha) + targets(rollout) + "."));
        Condition notOlder = notOlder(line, SetPlace.of(to.name(), name), sha);
        conditions.add(notOlder);
        if (!notOlder.met()) {
            return new Source(sha, null, revision != null, conditions);
        }
        ImageSet set = branch.images(ObjectId.fromString(sha), SetPlace.of(from.name(), name));
        if (set.isEmpty()) {
            conditions.add(new Condition(Condition.DIFFERS, false, from.name() + " has no images yet."));
            return new Source(sha, null, false, conditions);
        }
        return new Source(sha, set, false, conditions);
    }

    /** By what was promoted, not by when: a hook or a build may come late. */
    private Condition notOlder(Line line, String to, String source) throws IOException {
        // Trailers may say anything; what is no commit of this repository is newer than none.
        String last = branch.lastPromoted(line, to).orElse(source);
        boolean older = !last.equals(source)
                && branch.has(last)
                && branch.contains(ObjectId.fromString(last), ObjectId.fromString(source));
        return new Condition(
                Condition.NOT_OLDER,
                !older,
                older
                        ? "what was promoted to " + to + " last is of " + shown(last) + ", and so newer than "
                                + shown(source) + "."
                        : "nothing newer than " + shown(source) + " was promoted to " + to + ".");
    }

    private static String shown(String sha) {
        return Driver.shown(ObjectId.fromString(sha));
    }

    private static String targets(Rollout rollout) {
        int targets = rollout.targets().size();
        return targets == 0 ? "" : " on " + (targets == 1 ? "its target" : "all " + targets + " targets");
    }

    private NewChange change(Promotion wish, String source, ImageSet set) throws IOException {
        String from = wish.from().name();
        String to = wish.to().name();
        String appSha = branch.appSha(ObjectId.fromString(source), SetPlace.of(from, wish.set()))
                .orElse(null);
        String asked = wish.subject();
        String at = appSha == null ? "" : " (" + appSha.substring(0, Math.min(SHORT, appSha.length())) + ")";
        return new NewChange(
                wish.id(),
                Operation.PROMOTE,
                SetPlace.of(to, wish.set()),
                set,
                appSha,
                // Which of two promotions is newer is said by what they promote, not by the builds that did it.
                null,
                Instant.EPOCH,
                "promoted from " + from,
                from,
                source,
                asked != null ? asked : "chore: promote " + from + " to " + to + at,
                wish.build());
    }

    /** What was seen of the last condition, which only laying the change on the branch can tell. */
    static Condition differs(Promotion wish, Appending appending) {
        String to = wish.to().name();
        return appending instanceof Appending.Attached attached
                ? new Condition(
                        Condition.DIFFERS,
                        true,
                        "the change " + attached.to().id() + " brings this set to " + to + " already.")
                : differs(to, !(appending instanceof Appending.Unchanged));
    }

    private static Condition differs(String to, boolean differs) {
        return new Condition(
                Condition.DIFFERS, differs, to + (differs ? " has another set." : " has this set already."));
    }
}
