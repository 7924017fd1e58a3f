package io.jenkins.plugins.gitops.gates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.when;

import hudson.model.Cause;
import hudson.model.Run;
import hudson.model.User;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;
import org.springframework.security.core.Authentication;

/** In most directories of users upper and lower case are one: nobody is two people by another spelling. */
@Tag("sandbox")
class SetApproverTest {

    private MockedStatic<User> users;

    @BeforeEach
    void knowAlice() {
        User alice = mock();
        when(alice.getId()).thenReturn("alice");
        users = mockStatic(User.class);
        users.when(() -> User.getById(anyString(), anyBoolean())).thenReturn(alice);
    }

    @AfterEach
    void forget() {
        users.close();
    }

    private static Authentication login(String name) {
        Authentication login = mock();
        when(login.getName()).thenReturn(name);
        return login;
    }

    @Test
    void whoLogsInWithAnotherSpellingIsNotAnotherPerson() {
        assertThat(List.of("alice", "ALICE", "Alice"))
                .extracting(name -> SetApprover.Person.of(login(name)).id())
                .containsOnly("alice");
    }

    /** Who signs up may choose the name of a group as a user name. */
    @Test
    void aNameThatSaysWhatItIsOfIsOfNothingElse() {
        var rule = new ApprovalRule(1, List.of("group:release-managers", "user:ada"), false);
        for (String id : List.of("release-managers", "group:release-managers", "user:ada", "ada ", "Ada")) {
            assertThat(SetApprover.right(rule, new SetApprover.Person(id, Set.of("authenticated", "ada", "user:ada"))))
                    .as(id)
                    .isEmpty();
        }
        assertThat(SetApprover.right(rule, new SetApprover.Person("grace", Set.of("release-managers"))))
                .contains("group:release-managers");
        assertThat(SetApprover.right(rule, new SetApprover.Person("ada", Set.of())))
                .contains("user:ada");

        var both = new ApprovalRule(1, List.of("release-managers"), false);
        assertThat(SetApprover.right(both, new SetApprover.Person("release-managers", Set.of())))
                .as("as documented, without a word before it")
                .contains("release-managers");
    }

    @Test
    void whoStartedTheBuildIsFoundByAnySpelling() {
        Cause.UserIdCause started = mock();
        when(started.getUserId()).thenReturn("Alice");
        Run<?, ?> build = mock();
        when(build.getCauses()).thenReturn(List.of(started));

        assertThat(SetApprover.starters(build))
                .hasValueSatisfying(all -> assertThat(all)
                        .containsExactly(SetApprover.Person.of(login("ALICE")).id()));
    }

    private static Cause.UpstreamCause upstream(Cause... causes) {
        Cause.UpstreamCause upstream = mock();
        when(upstream.getUpstreamCauses()).thenReturn(List.of(causes));
        return upstream;
    }

    private static Run<?, ?> startedBy(List<Cause> causes) {
        Run<?, ?> build = mock();
        when(build.getCauses()).thenReturn(causes);
        return build;
    }

    @Test
    void whoStartedABuildThatStartedItIsOneOfThem() {
        Cause.UserIdCause started = mock();
        when(started.getUserId()).thenReturn("Alice");

        assertThat(SetApprover.starters(startedBy(List.of(upstream(mock(Cause.class), upstream(started))))))
                .hasValueSatisfying(all -> assertThat(all).containsExactly("alice"));
    }

    /** Jenkins drops the causes of long chains: who is behind them could start one to approve his own work. */
    @Test
    void nobodyHidesBehindALongChainOfBuildsOrManyCauses() {
        Cause.UserIdCause started = mock();
        when(started.getUserId()).thenReturn("Alice");
        var many = new ArrayList<Cause>(Collections.nCopies(100, mock(Cause.class)));
        many.add(started);

        assertThat(SetApprover.starters(
                        startedBy(List.of(upstream(mock(Cause.UpstreamCause.DeeplyNestedUpstreamCause.class))))))
                .isEmpty();
        assertThat(SetApprover.starters(startedBy(many))).isEmpty();
        assertThat(SetApprover.starters(startedBy(many.subList(0, 100)))).isPresent();
    }
}
