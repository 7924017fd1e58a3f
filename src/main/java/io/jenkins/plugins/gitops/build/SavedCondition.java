package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A condition of a promotion and whether it was met when it was last evaluated, as {@code build.xml} keeps it. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class SavedCondition {

    private final String name;
    private final boolean met;
    private final String asked;
    private final String seen;

    @CheckForNull
    private final String nextLook;

    SavedCondition(PromotionCondition condition) {
        this.name = condition.name();
        this.met = condition.met();
        this.asked = condition.asked();
        this.seen = condition.seen();
        this.nextLook = condition.nextLook() == null ? null : String.valueOf(condition.nextLook());
    }

    /** The symbol of the condition; of one that is not met, the symbol of its promotion. */
    public String symbol(PromotionEntry promotion) { // jelly access only
        return met ? StatusSymbols.DONE : promotion.getSymbol();
    }

    @Exported
    public String getName() {
        return name;
    }

    @Exported
    public boolean isMet() {
        return met;
    }

    /** The requirement of the condition. */
    @Exported
    public String getAsked() {
        return asked;
    }

    /** What was found. */
    @Exported
    public String getSeen() {
        return seen;
    }

    /** The next time at which it may change by time alone, in the form of ISO 8601, or null. */
    @CheckForNull
    @Exported
    public String getNextLook() {
        return nextLook;
    }
}
