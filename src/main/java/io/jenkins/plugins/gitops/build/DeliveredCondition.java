package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A condition of a promotion and what was last seen of it, kept in plain texts in {@code build.xml}. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class DeliveredCondition {

    private final String name;
    private final boolean met;
    private final String seen;

    /** Missing in what was saved before it was kept. */
    @CheckForNull
    private final String asked;

    @CheckForNull
    private final String nextLook;

    DeliveredCondition(PromotionCondition condition) {
        this.name = condition.name();
        this.met = condition.met();
        this.seen = condition.seen();
        this.asked = condition.asked();
        this.nextLook = condition.nextLook() == null ? null : String.valueOf(condition.nextLook());
    }

    public String symbol(DeliveredPromotion promotion) { // jelly access only
        if (met) {
            return StatusSymbols.DONE;
        }
        return promotion.getSymbol();
    }

    @Exported
    public String getName() {
        return name;
    }

    @Exported
    public boolean isMet() {
        return met;
    }

    @Exported
    public String getSeen() {
        return seen;
    }

    /** What must hold. */
    @Exported
    public String getAsked() {
        return Util.fixNull(asked);
    }

    /** When time alone may change it, or null. */
    @CheckForNull
    @Exported
    public String getNextLook() {
        return nextLook;
    }
}
