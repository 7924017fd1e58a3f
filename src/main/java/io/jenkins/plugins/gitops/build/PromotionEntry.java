package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.delivery.ConditionReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A promotion, or a rollback, that a build asked for. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class PromotionEntry extends TimelineEntry {

    private final String from;
    private final String to;

    @CheckForNull
    private final String set;

    private final List<SavedCondition> conditions = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();

    /**
     * A promotion that a build asks for.
     *
     * @param from the wave to promote from; of a rollback the same as {@code to}
     * @param set the name of the set, or null where sets have none
     * @param since when the build asked first, in milliseconds
     */
    public PromotionEntry(String repository, String from, String to, @Nullable String set, long since) {
        super(repository, EntryState.WAITING, since, since);
        this.from = from;
        this.to = to;
        this.set = set;
    }

    private PromotionEntry(
            PromotionEntry before, EntryState state, ConditionReport checked, List<String> changes, long now) {
        super(before.getRepository(), state, before.getSince(), now);
        from = before.from;
        to = before.to;
        set = before.set;
        checked.all().forEach(condition -> conditions.add(new SavedCondition(condition)));
        differences.addAll(changes);
    }

    /**
     * The same promotion as the driver answered.
     *
     * @param changes what it would change, a sentence for each service; empty if that was not asked for
     * @param now in milliseconds
     */
    public PromotionEntry withResult(EntryState state, ConditionReport checked, List<String> changes, long now) {
        return new PromotionEntry(this, state, checked, changes, now);
    }

    @Override
    boolean isSameAs(TimelineEntry other) {
        return other instanceof PromotionEntry that
                && getRepository().equals(that.getRepository())
                && from.equals(that.from)
                && to.equals(that.to)
                && Objects.equals(set, that.set)
                && getSince() == that.getSince();
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
    public List<SavedCondition> getConditions() {
        return Collections.unmodifiableList(conditions);
    }

    /** What it would change, a sentence for each service. */
    @Exported
    public List<String> getDifferences() {
        return Collections.unmodifiableList(differences);
    }

    /** The direction of the promotion, or the wave of the rollback, in a few words. */
    public String getTitle() { // jelly access only
        if (from.equals(to)) {
            return set == null ? Messages.PromotionEntry_Rollback(to) : Messages.PromotionEntry_RollbackOfSet(to, set);
        }
        return set == null
                ? Messages.PromotionEntry_Title(from, to)
                : Messages.PromotionEntry_TitleOfSet(from, to, set);
    }

    @Override
    public String getHeadline() {
        return Messages.PromotionEntry_Headline(getTitle(), getState());
    }

    /** The conditions that do not hold. */
    public List<SavedCondition> getUnmet() { // jelly access only
        return conditions.stream().filter(condition -> !condition.isMet()).toList();
    }
}
