package io.jenkins.plugins.gitops.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.junit.jupiter.api.Test;

/** Which refs a snapshot has, and what they are after a push, without another look at the server. */
class RefSnapshotTest {

    private static final ObjectId OLD = ObjectId.fromString("1".repeat(40));
    private static final ObjectId NEW = ObjectId.fromString("2".repeat(40));

    private final RefNames names = new RefNames("main", "auto", RefNames.defaultState("main"));

    private static Ref ref(String name, ObjectId id) {
        return new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, name, id);
    }

    @Test
    void refsOfOthersAreLeftOut() {
        assertThat(RefSnapshot.of(names, List.of(ref(names.main(), OLD), ref("refs/heads/feature", NEW))))
                .isEqualTo(new RefSnapshot(names, Map.of(names.main(), OLD)));
    }

    @Test
    void whatWasPushedIsSeenWithoutALook() {
        var before = new RefSnapshot(names, Map.of(names.main(), OLD, names.auto(), OLD, names.slot(1), OLD));

        assertThat(before.with(List.of(
                        new RefChange(names.auto(), OLD, NEW),
                        new RefChange(names.state(), ObjectId.zeroId(), NEW),
                        new RefChange(names.slot(1), OLD, ObjectId.zeroId()))))
                .isEqualTo(new RefSnapshot(names, Map.of(names.main(), OLD, names.auto(), NEW, names.state(), NEW)));
    }
}
