package sandbox.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the check finds each broken rule, in repositories that break them on purpose. */
class ChaosCheckTest {

    @TempDir
    Path folder;

    private ChaosRepository repository;
    private ChaosPeople people;
    private Path checkout;

    @BeforeEach
    void begin() throws IOException {
        repository = new ChaosRepository(folder);
        people = new ChaosPeople(folder, repository, 1);
        checkout = folder.resolve("bot");
        GitCli.run(folder, "clone", "-q", repository.server().urlWithPassword("cfg-app.git"), checkout.toString());
        // A state ref without recorded changes.
        GitCli.run(repository.bare(), "update-ref", "refs/gitops-waves/main/state", repository.begin());
    }

    @AfterEach
    void end() {
        repository.close();
    }

    private String commit(String tag, String message) throws IOException {
        Path file = checkout.resolve("images/staging/tags.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\n  \"service1\": \"docker.example.com/service1:" + tag + "\"\n}\n");
        GitCli.run(checkout, "add", "-A");
        GitCli.run(checkout, "commit", "-q", "--allow-empty", "-m", message);
        return GitCli.run(checkout, "rev-parse", "HEAD").strip();
    }

    private void push(String ref) {
        GitCli.run(checkout, "push", "-q", "--force", "origin", "HEAD:" + ref);
    }

    private void note(String commit) {
        GitCli.run(repository.bare(), "notes", "--ref=gitops-waves", "add", "-m", "green", commit);
    }

    private List<String> broken(Set<String> green, Map<String, Long> red) throws IOException {
        return new ChaosCheck(repository, people, green, red).broken();
    }

    @Test
    void aGreenMoveForwardAndThePushesOfPeopleAreRight() throws IOException {
        String good = commit("v1", "Good");
        push(ChaosRepository.MAIN);
        note(good);
        assertThat(people.push("main")).isTrue();
        assertThat(people.rewindMain()).isTrue();

        assertThat(broken(Set.of(good), Map.of())).isEmpty();
    }

    @Test
    void whatWasNotGreenOrHasNoNoteIsNoticed() throws IOException {
        commit("bad1", "Bad");
        push(ChaosRepository.MAIN);

        assertThat(broken(Set.of(), Map.of()))
                .anyMatch(sentence -> sentence.endsWith("which has a bad image"))
                .anyMatch(sentence -> sentence.endsWith("which CI never reported green"))
                .anyMatch(sentence -> sentence.endsWith("which has no note"));
    }

    @Test
    void aRedCommitThatIsTakenAlongIsNoticed() throws IOException {
        String red = commit("bad1", "Bad");
        String green = commit("v2", "Good");
        push(ChaosRepository.MAIN);
        note(green);

        assertThat(broken(Set.of(green), Map.of(red, 1L)))
                .singleElement()
                .asString()
                .endsWith("with " + red + ", which CI had reported red before");
    }

    @Test
    void aMoveThatIsNotForwardAndAnOlderImageAreNoticed() throws IOException {
        String first = commit("v2", "Newer");
        push(ChaosRepository.MAIN);
        note(first);
        String second = commit("v1", "Older");
        push(ChaosRepository.MAIN);
        note(second);
        assertThat(broken(Set.of(first, second), Map.of()))
                .singleElement()
                .asString()
                .startsWith("service1 goes back from 2 to 1");

        GitCli.run(checkout, "reset", "-q", "--hard", first);
        push(ChaosRepository.MAIN);
        assertThat(broken(Set.of(first, second), Map.of()))
                .singleElement()
                .asString()
                .endsWith("which is not forward");
    }

    @Test
    void aChangeThatIsThereTwiceOrHasNoEndIsNoticed() throws IOException {
        commit("v1", "One\n\nAutocommit-Id: abc");
        push(ChaosRepository.AUTO);
        String again = commit("v2", "Again\n\nAutocommit-Id: abc");
        push(ChaosRepository.MAIN);
        note(again);

        assertThat(broken(Set.of(again), Map.of()))
                .containsExactly(
                        "the change abc is on main twice", "the change abc was on auto and has no recorded end");
    }

    @Test
    void anAnnouncementWithoutABuildThatEndedIsNoticed() throws IOException {
        try (var controller = new ServeProcess(folder, "one")) {
            Path build = Files.createDirectories(folder.resolve("one/jobs/deliver/builds/1"));
            Files.writeString(
                    build.resolve("build.xml"),
                    "<appSha>" + ChaosAnnouncer.appSha(1) + "</appSha><completed>true</completed>");

            assertThat(new ChaosCheck(repository, people, Set.of(), Map.of())
                            .announcements(Set.of(1L, 2L), List.of(controller)))
                    .containsExactly("the announcement 2 was accepted, and no build of it ended");
        }
    }
}
