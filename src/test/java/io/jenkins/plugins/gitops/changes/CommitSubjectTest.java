package io.jenkins.plugins.gitops.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitSubjectTest {

    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";

    private static NewChange change(@Nullable String appSha, String... services) {
        Map<String, ImageRef> images = new TreeMap<>();
        for (String service : services) {
            images.put(service, new ImageRef("docker.example.com/" + service, "1", "sha256:" + "a".repeat(64)));
        }
        ChangeTrailers trailers = ChangeTrailers.builder(
                        "change-0001", ChangeOperation.ANNOUNCE, WavePath.of("staging", "shop"))
                .appSha(appSha)
                .order(BuildSequence.of("app#1"))
                .services(new TreeSet<>(images.keySet()))
                .build();
        return new NewChange(trailers, ImageSet.of(images));
    }

    @ParameterizedTest
    @CsvSource({
        "chore: update app to {shortSha}, chore: update app to 7d1043473d",
        "app {sha} in {wave}/{set}, app 7d1043473d55bfa90e8530d35801d4e381bc69f0 in staging/shop",
        "{services}: new images, cart: new images"
    })
    void fillsInWhatIsKnown(String template, String subject) {
        assertThat(CommitSubject.of(template, change(SHA, "cart"))).isEqualTo(subject);
    }

    @ParameterizedTest
    @CsvSource({
        "chore: update app to {shortSha}, 'chore: update api, cart'",
        "deploy {sha}, 'deploy api, cart'",
        "deploy {shortSha} to {wave}, 'deploy api, cart to staging'"
    })
    void namesTheServicesWhereTheCommitOfTheApplicationIsNotKnown(String template, String subject) {
        assertThat(CommitSubject.of(template, change(null, "cart", "api"))).isEqualTo(subject);
    }

    @Test
    void namesFewOfManyServices() {
        assertThat(CommitSubject.of(CommitSubject.DEFAULT_TEMPLATE, change(null, "a", "b", "c", "d", "e", "f", "g")))
                .isEqualTo("chore: update a, b, c, d, e and 2 more");
        assertThat(CommitSubject.of(CommitSubject.DEFAULT_TEMPLATE, change(null, "a", "b", "c", "d", "e")))
                .isEqualTo("chore: update a, b, c, d, e");
    }

    @Test
    void whatStandsForNothingIsNamed() {
        assertThat(CommitSubject.problem("{shortSha} {sha} {wave} {set} {services} {} {a-b}"))
                .isEmpty();
        assertThat(CommitSubject.problem("update {app} to {shortSha}"))
                .contains("has {app}, which stands for nothing; use {services}, {set}, {sha}, {shortSha}, {wave}.");
    }

    @Test
    void copiesOfAChangeKeepTheRest() {
        NewChange change = change(SHA, "cart")
                .startedAt(Instant.parse("2026-11-23T12:00:00.9Z"))
                .withSubject("words")
                .redelivering(true);

        assertThat(change)
                .isEqualTo(new NewChange(
                                change(SHA, "cart").trailers(),
                                change.images(),
                                change.started(),
                                Optional.of("words"),
                                Optional.empty(),
                                true)
                        .withBody(null));
        assertThat(change.started()).isEqualTo(Instant.parse("2026-11-23T12:00:00Z"));
        assertThat(change.operation()).isEqualTo(ChangeOperation.ANNOUNCE);
        assertThat(change.id()).isEqualTo("change-0001");
    }

    @Test
    void anIdThatIsNoNameOfAFileIsRefused() {
        ChangeTrailers trailers = ChangeTrailers.builder("../main", ChangeOperation.ANNOUNCE, WavePath.of("staging"))
                .build();

        assertThatThrownBy(() -> new NewChange(trailers, ImageSet.EMPTY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"../main\" is not the id of a change.");
    }

    @Test
    void idsAreTwentyLettersAndDigits() {
        for (int number = 0; number < 1000; number++) {
            assertThat(NewChange.newId()).matches("[0-9a-v]{20}");
        }
    }
}
