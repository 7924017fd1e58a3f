package io.jenkins.plugins.gitops.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;

/** What the refs are after a push, without another look at the server. */
class RefSnapshotTest {

    private static final ObjectId OLD = ObjectId.fromString("1".repeat(40));
    private static final ObjectId NEW = ObjectId.fromString("2".repeat(40));

    private final RefNames names = new RefNames("main", "auto", RefNames.defaultState("main"));
    private final Map<String, ObjectId> refs = Map.of(names.main(), OLD, names.auto(), OLD, names.slot(1), OLD);
    private final RefSnapshot before = new RefSnapshot(names, refs);
    private final List<RefChange> changes = List.of(
            new RefChange(names.auto(), OLD, NEW),
            new RefChange(names.state(), ObjectId.zeroId(), NEW),
            new RefChange(names.slot(1), OLD, ObjectId.zeroId()));

    private static PushResponse accepted(Map<String, ObjectId> found) {
        return new PushResponse(true, false, Map.of(), "", Optional.empty(), found);
    }

    @Test
    void whatWasPushedIsSeenWithoutALook() {
        assertThat(before.after(accepted(refs), changes))
                .contains(new RefSnapshot(names, Map.of(names.main(), OLD, names.auto(), NEW, names.state(), NEW)));
    }

    /** The lease held only the refs that the push moved. */
    @Test
    void aLookIsNeededWhereAnotherRefHadMovedBeforeThePush() {
        var moved = new HashMap<>(refs);
        moved.put(names.main(), NEW);
        assertThat(before.after(accepted(moved), changes)).isEmpty();

        var gone = new HashMap<>(refs);
        gone.remove(names.main());
        assertThat(before.after(accepted(gone), changes)).isEmpty();

        var appeared = new HashMap<>(refs);
        appeared.put(names.checks(OLD.name()), NEW);
        assertThat(before.after(accepted(appeared), changes)).isEmpty();
    }

    @Test
    void refsOfOthersDoNotMatter() {
        var feature = new HashMap<>(refs);
        feature.put("refs/heads/feature", NEW);

        assertThat(before.after(accepted(feature), changes)).isPresent();
    }
}
