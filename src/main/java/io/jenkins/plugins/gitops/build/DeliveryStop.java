package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Instant;
import java.util.Date;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A place on the way of what a build delivers: its commit, a check, main, a wave. */
@Restricted(NoExternalUse.class)
public final class DeliveryStop {

    private final String name;
    private final String state;
    private final String symbol;
    private final Place place;

    /**
     * The page of the place, and the time at which it had what was delivered.
     *
     * @param link the address, or null
     * @param arrived when it came, or null if it has not
     * @param left when something else took its place, or null if it is there
     */
    public record Place(
            @Nullable String link,
            @Nullable Instant arrived,
            @Nullable Instant left) {

        /** A place without times. */
        static Place at(@Nullable String link) {
            return new Place(link, null, null);
        }
    }

    private DeliveryStop(String name, String state, String symbol, Place place) {
        this.name = name;
        this.state = state;
        this.symbol = symbol;
        this.place = place;
    }

    /** A place that is named so, in this state. */
    public static DeliveryStop of(String name, EntryState state, Place place) {
        return new DeliveryStop(name, state.toString(), state.symbol(), place);
    }

    /** The commit of the application from which the images were built. */
    static DeliveryStop built(String commit, Place place) {
        return new DeliveryStop(commit, Messages.DeliveryStop_Built(), EntryState.MERGED.symbol(), place);
    }

    /** A place that was not reached, and to which nothing is on its way. */
    public static DeliveryStop ahead(String name, Place place) {
        return new DeliveryStop(name, Messages.DeliveryStop_Ahead(), StatusSymbols.NOTED, place);
    }

    static DeliveryStop of(SavedCheck check) {
        return new DeliveryStop(check.getContext(), check.getState(), check.getSymbol(), Place.at(check.getUrl()));
    }

    public String getName() { // jelly access only
        return name;
    }

    /** The state in words. */
    public String getState() { // jelly access only
        return state;
    }

    public String getSymbol() { // jelly access only
        return symbol;
    }

    @CheckForNull
    public String getLink() { // jelly access only
        return place.link();
    }

    @CheckForNull
    public Date getArrived() { // jelly access only
        return date(place.arrived());
    }

    @CheckForNull
    public Date getLeft() { // jelly access only
        return date(place.left());
    }

    @CheckForNull
    private static Date date(@Nullable Instant instant) {
        return instant == null ? null : Date.from(instant);
    }
}
