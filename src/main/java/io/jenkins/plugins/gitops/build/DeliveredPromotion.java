package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Util;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A promotion that a build asked for, kept in plain texts in {@code build.xml}. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class DeliveredPromotion implements TimelineEntry {

    public static final String WAITING = "waiting";
    public static final String REFUSED = "refused";
    public static final String PROMOTED = "promoted";
    public static final String UNCHANGED = "unchanged";
    public static final String SUPERSEDED = "superseded";

    public static final String TRIED_OUT = "tried out";

    private final String repository;
    private final String from;
    private final String to;
    private final String state;
    private final long since;
    private final long ended;

    @CheckForNull
    private final String set;

    private final List<DeliveredCondition> conditions = new ArrayList<>();

    /** Missing in what was saved before it was kept. */
    @CheckForNull
    private final List<String> differences;

    /**
     * A promotion as it is now.
     *
     * @param from the wave; of a rollback the same as {@code to}
     * @param set the name of the set, or null where sets have none
     * @param state one of the constants
     * @param since when the build asked first, in milliseconds
     * @param now in milliseconds
     */
    public DeliveredPromotion(
            String repository,
            String from,
            String to,
            @Nullable String set,
            String state,
            PromotionResult promoted,
            long since,
            long now) {
        this.repository = repository;
        this.from = from;
        this.to = to;
        this.set = set;
        this.state = state;
        this.since = since;
        this.ended = state.equals(WAITING) ? 0 : now;
        differences = new ArrayList<>(promoted.differences());
        promoted.conditions().forEach(condition -> this.conditions.add(new DeliveredCondition(condition)));
    }

    /** Whether it is the same wish, seen at another time. */
    boolean isSameWish(DeliveredPromotion other) {
        return repository.equals(other.repository)
                && from.equals(other.from)
                && to.equals(other.to)
                && Objects.equals(set, other.set)
                && since == other.since;
    }

    @Exported
    public String getRepository() {
        return repository;
    }

    @Exported
    public String getFrom() {
        return from;
    }

    @Exported
    public String getTo() {
        return to;
    }

    /** The name of the set, or null where sets have none. */
    @CheckForNull
    @Exported
    public String getSet() {
        return set;
    }

    @Exported
    public String getState() {
        return state;
    }

    @Exported
    public List<DeliveredCondition> getConditions() {
        return Collections.unmodifiableList(conditions);
    }

    /** What it would change, a sentence for each service. */
    @Exported
    public List<String> getDifferences() {
        return differences == null ? List.of() : Collections.unmodifiableList(differences);
    }

    @Override
    @Exported
    public long getSince() {
        return since;
    }

    /** When it was decided, in milliseconds, or 0. */
    @Exported
    public long getEnded() {
        return ended;
    }

    public String getDuration() { // jelly access only
        return Util.getTimeSpanString(ended - since);
    }

    public boolean isWaiting() { // jelly access only
        return state.equals(WAITING);
    }

    @Override
    public String getSymbol() {
        return switch (state) {
            case REFUSED -> StatusSymbols.FAILED;
            case WAITING -> StatusSymbols.WAITING;
            case PROMOTED -> StatusSymbols.DONE;
            default -> StatusSymbols.NOTED;
        };
    }

    /** What it is, in a few words. */
    public String getTitle() { // jelly access only
        if (from.equals(to)) {
            return set == null
                    ? Messages.DeliveredPromotion_Rollback(to)
                    : Messages.DeliveredPromotion_RollbackOfSet(to, set);
        }
        return set == null
                ? Messages.DeliveredPromotion_Title(from, to)
                : Messages.DeliveredPromotion_TitleOfSet(from, to, set);
    }

    @Override
    public String getHeadline() {
        return Messages.DeliveredPromotion_Headline(getTitle(), state);
    }

    /** The conditions that do not hold. */
    public List<DeliveredCondition> getUnmet() { // jelly access only
        return conditions.stream().filter(condition -> !condition.isMet()).toList();
    }
}
