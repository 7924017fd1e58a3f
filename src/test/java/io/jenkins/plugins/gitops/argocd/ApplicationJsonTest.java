package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.argocd.Application.Condition;
import io.jenkins.plugins.gitops.argocd.Application.Health;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatus;
import io.jenkins.plugins.gitops.argocd.Application.Id;
import io.jenkins.plugins.gitops.argocd.Application.Operation;
import io.jenkins.plugins.gitops.argocd.Application.Phase;
import io.jenkins.plugins.gitops.argocd.Application.Source;
import io.jenkins.plugins.gitops.argocd.Application.Sync;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatus;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications are read as Argo CD writes them. */
class ApplicationJsonTest {

    private static VersionedApplication read(String json) {
        return ApplicationJson.read(Json.parse(json));
    }

    /** An application named web with this beside its metadata. */
    private static Application web(String more) {
        return read("{\"metadata\":{\"name\":\"web\"}," + more + "}").application();
    }

    @Test
    void anApplicationWithEverything() {
        VersionedApplication observed = read("""
                {"metadata":{"name":"web","namespace":"argocd","resourceVersion":"37755","labels":{"wave":"staging"}},
                 "spec":{"project":"shop",
                   "source":{"repoURL":"https://git.example/cfg-app.git","path":"staging","targetRevision":"main"}},
                 "operation":{"sync":{"revision":"c3"}},
                 "status":{
                   "sync":{"status":"OutOfSync","revision":"c2"},
                   "health":{"status":"Degraded","message":"no pods"},
                   "operationState":{"phase":"Succeeded","message":"all synced","finishedAt":"2026-11-23T09:00:00Z",
                     "operation":{"sync":{"revision":"c0"}},"syncResult":{"revision":"c1"}},
                   "summary":{"images":["docker.example.com/web@sha256:1"]},
                   "conditions":[{"type":"ComparisonError","message":"cannot render"}],
                   "reconciledAt":"2026-11-23T09:00:05Z"}}
                """);

        assertThat(observed.version()).isEqualTo(37755);
        assertThat(observed.application())
                .isEqualTo(new Application(
                        new Id("argocd", "web"),
                        "shop",
                        Map.of("wave", "staging"),
                        List.of(new Source("https://git.example/cfg-app.git", "staging", "main")),
                        new Sync(SyncStatus.OUT_OF_SYNC, "OutOfSync", List.of("c2")),
                        new Health(HealthStatus.DEGRADED, "Degraded", "no pods"),
                        true,
                        new Operation(
                                Phase.SUCCEEDED,
                                "Succeeded",
                                "all synced",
                                Instant.parse("2026-11-23T09:00:00Z"),
                                List.of("c1")),
                        List.of(new Condition("ComparisonError", "cannot render")),
                        List.of("docker.example.com/web@sha256:1"),
                        Instant.parse("2026-11-23T09:00:05Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"metadata\":{\"name\":\"web\"}}",
                "{\"metadata\":{\"name\":\"web\",\"labels\":null},\"spec\":{},\"status\":{\"sync\":{},\"conditions\":null}}",
                "{\"metadata\":{\"name\":\"web\",\"resourceVersion\":\"\"},\"spec\":null,\"status\":null,\"operation\":null}"
            })
    void whatIsMissingIsEmpty(String json) {
        assertThat(read(json))
                .isEqualTo(new VersionedApplication(
                        new Application(
                                new Id("", "web"),
                                "default",
                                Map.of(),
                                List.of(),
                                new Sync(SyncStatus.UNKNOWN, "", List.of()),
                                new Health(HealthStatus.UNKNOWN, "", ""),
                                false,
                                null,
                                List.of(),
                                List.of(),
                                null),
                        0));
    }

    @Test
    void severalSourcesTakeThePlaceOfOneAndHaveARevisionEach() {
        Application web = web("""
                "spec":{"source":{"repoURL":"https://ignored"},
                  "sources":[{"repoURL":"https://charts","targetRevision":"1.2"},{"repoURL":"https://git","path":"x"}]},
                "status":{"sync":{"revisions":["1.2","c1"]},
                  "operationState":{"phase":"Running","syncResult":{"revision":"","revisions":["1.2","c2"]}}}
                """);

        assertThat(web.sources())
                .containsExactly(new Source("https://charts", "", "1.2"), new Source("https://git", "x", ""));
        assertThat(web.sync().revisions()).containsExactly("1.2", "c1");
        assertThat(web.operation().revisions()).containsExactly("1.2", "c2");
        assertThat(web.operation().finishedAt()).isNull();
    }

    @Test
    void anOperationWithoutAResultHasTheRevisionThatWasAskedFor() {
        String asked = "\"status\":{\"operationState\":{\"phase\":\"Running\",\"operation\":{\"sync\":{%s}}}}";

        assertThat(web(asked.formatted("\"revision\":\"c1\"")).operation().revisions())
                .containsExactly("c1");
        assertThat(web(asked.formatted("\"revisions\":[\"a\",\"b\"]"))
                        .operation()
                        .revisions())
                .containsExactly("a", "b");
        assertThat(web(asked.formatted("")).operation().revisions()).isEmpty();
    }

    @Test
    void whatAHydratorWroteIsTheSource() {
        assertThat(web("""
                                "spec":{"sourceHydrator":{"drySource":{"repoURL":"https://git","path":"dry","targetRevision":"main"},
                                  "syncSource":{"targetBranch":"env/staging","path":"web"}}}
                                """).sources()).containsExactly(new Source("https://git", "web", "env/staging"));
    }

    @Test
    void wordsOfALaterArgoCdAreKeptAndCountAsUnknown() {
        Application web = web("\"status\":{\"sync\":{\"status\":\"SyncedSortOf\"},\"health\":{\"status\":\"Splendid\"},"
                + "\"operationState\":{\"phase\":\"Succeeding\"}}");

        assertThat(web.sync()).isEqualTo(new Sync(SyncStatus.UNKNOWN, "SyncedSortOf", List.of()));
        assertThat(web.health()).isEqualTo(new Health(HealthStatus.UNKNOWN, "Splendid", ""));
        assertThat(web.operation().phase()).isEqualTo(Phase.UNKNOWN);
        assertThat(web.operation().word()).isEqualTo("Succeeding");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "status":{"sync":{"revision":7}}           | status.sync.revision of web that is not text
                    "status":{"sync":"Synced"}                 | status.sync of web that is not an object
                    "status":{"sync":{"revisions":"c1"}}       | status.sync.revisions of web that is not a list
                    "status":{"sync":{"revisions":[null]}}     | status.sync.revisions of web that is not a list of texts
                    "status":{"health":{"status":true}}        | status.health.status of web that is not text
                    "status":{"operationState":[]}             | status.operationState of web that is not an object
                    "status":{"reconciledAt":"yesterday"}      | status.reconciledAt of web that is not a time
                    "status":{"conditions":["x"]}              | status.conditions of web that is not a list of objects
                    "status":{"summary":{"images":[{}]}}       | status.summary.images of web that is not a list of texts
                    "operation":true                           | operation of web that is not an object
                    """)
    void whatHasTheWrongTypeIsRefused(String part, String message) {
        assertThatThrownBy(() -> web(part))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage("has a " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "7", "{\"metadata\":{\"name\":\"\"}}", "{\"metadata\":{}}"})
    void withoutANameItIsNoApplication(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageContaining("metadata.name");
    }
}
