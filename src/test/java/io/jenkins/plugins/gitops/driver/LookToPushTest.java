package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.IsOnMain;
import io.jenkins.plugins.gitops.git.CloneStore;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import io.jenkins.plugins.gitops.git.PushResponse;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A look on the connection of the next push, and what it saves and may not overlook. */
class LookToPushTest {

    private static final RefNames NAMES = new RefNames("main", "auto", RefNames.defaultState("main"));

    private final MemoryScene scene = new MemoryScene();
    private final List<String> calls = new ArrayList<>();
    private Optional<ObjectId> mainWhileFetching = Optional.empty();
    private ObjectId main;
    private Driver driver;

    private final MemoryTransport.Remote wire = new MemoryTransport.Remote() {
        @Override
        public MemoryRepository repository() {
            return scene.server.repository();
        }

        @Override
        public Map<String, ObjectId> refs(boolean push) {
            calls.add(push ? "refs to push" : "refs to fetch");
            if (!push) {
                mainWhileFetching.ifPresent(moved -> scene.server.set(NAMES.main(), moved));
            }
            return scene.server.refs();
        }

        @Override
        public Map<String, String> update(Map<String, MemoryTransport.Move> moves) throws TransportException {
            calls.add("push");
            return scene.server.update(moves);
        }
    };

    @BeforeEach
    void begin() throws Exception {
        driver = scene.driver("jenkins", wire);
        main = scene.ref(NAMES.main());
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private ObjectId onMain(String text) {
        return scene.commit(List.of(scene.ref(NAMES.main())), Map.of("text", text), text + "\n");
    }

    private ConfigRepoClone clone(String name) throws Exception {
        var folder = new MemoryRepository();
        String url = MemoryTransport.register(name, wire);
        return ConfigRepoClone.open(
                new CloneStore() {
                    @Override
                    public Repository open() {
                        return folder;
                    }

                    @Override
                    public void abandon() {
                        throw new AssertionError("The clone is not damaged.");
                    }
                },
                url,
                () -> null);
    }

    @Test
    void aRequestedPushTakesOneConnectionAndAQuestionNone() throws Exception {
        driver.round();
        calls.clear();
        driver.submit(new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))));
        driver.round();
        assertThat(calls).containsExactly("refs to push", "push");

        scene.server.set(NAMES.auto(), main);
        driver.round();
        calls.clear();
        driver.submit(new IsOnMain(main.name()));
        driver.round();
        assertThat(calls).as("needs no permission to push").containsExactly("refs to fetch");
    }

    @Test
    void nothingIsSentWhereAnyRefDiffersAndTheNextLookTellsItWithoutAskingAgain() throws Exception {
        try (ConfigRepoClone repo = clone("clone")) {
            RefSnapshot before = repo.look(NAMES);
            ObjectId notes = onMain("notes");
            scene.server.set(RefNames.NOTES, notes);
            calls.clear();

            PushResponse overtaken = repo.push(before, List.of(before.move(NAMES.auto(), main)));
            assertThat(overtaken.accepted()).isFalse();
            assertThat(overtaken.overtaken()).isTrue();
            RefSnapshot now = repo.lookToPush(NAMES);
            assertThat(now.notes()).isEqualTo(notes);
            assertThat(repo.push(now, List.of(now.move(NAMES.auto(), main))).accepted())
                    .isTrue();

            assertThat(calls).containsExactly("refs to push", "refs to fetch", "push");
            assertThat(scene.ref(NAMES.auto())).isEqualTo(main);
        }
    }

    @Test
    void aSecondLookReallyLooks() throws Exception {
        try (ConfigRepoClone repo = clone("clone")) {
            repo.look(NAMES);
            repo.lookToPush(NAMES);
            scene.server.set(NAMES.auto(), main);

            assertThat(repo.lookToPush(NAMES).auto()).contains(main);
        }
    }

    @Test
    void refsOfOthersDoNotKeepAPushFromBeingSent() throws Exception {
        try (ConfigRepoClone repo = clone("clone")) {
            RefSnapshot before = repo.look(NAMES);
            scene.server.set("refs/heads/feature", main);

            assertThat(repo.push(before, List.of(before.move(NAMES.auto(), main)))
                            .accepted())
                    .isTrue();
        }
    }

    @Test
    void whatWasFetchedLaterIsWhatTheLookFound() throws Exception {
        try (ConfigRepoClone repo = clone("clone")) {
            ObjectId first = onMain("first");
            ObjectId second = onMain("second");
            scene.server.set(NAMES.main(), first);
            mainWhileFetching = Optional.of(second);

            RefSnapshot found = repo.lookToPush(NAMES);
            assertThat(found.main()).contains(second);
            calls.clear();
            assertThat(repo.push(found, List.of(found.move(NAMES.auto(), second)))
                            .accepted())
                    .isTrue();
            assertThat(calls).containsExactly("refs to push", "push");
        }
    }

    @Test
    void aChangeThatMovesNothingIsAcceptedWithoutAPush() throws Exception {
        try (ConfigRepoClone repo = clone("clone")) {
            RefSnapshot found = repo.lookToPush(NAMES);
            calls.clear();

            assertThat(repo.push(found, List.of(found.move(NAMES.main(), main))).accepted())
                    .isTrue();
            assertThat(calls).isEmpty();
        }
    }
}
