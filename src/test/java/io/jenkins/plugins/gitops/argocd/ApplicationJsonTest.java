package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationCondition;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationResource;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationSource;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatus;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatusCode;
import io.jenkins.plugins.gitops.argocd.Application.Hydration;
import io.jenkins.plugins.gitops.argocd.Application.OperationPhase;
import io.jenkins.plugins.gitops.argocd.Application.SyncOperation;
import io.jenkins.plugins.gitops.argocd.Application.SyncPolicy;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatus;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatusCode;
import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            {"metadata":{"name":"web","namespace":"argocd","resourceVersion":"37755","labels":{"wave":"staging"},
               "deletionTimestamp":"2026-11-23T09:00:04Z",
               "annotations":{"argocd.argoproj.io/skip-reconcile":"true","argocd.argoproj.io/refresh":"normal",
                 "argocd.argoproj.io/tracking-id":"team-a_all:argoproj.io/Application:argocd/web"},
               "ownerReferences":[{"kind":"Application","name":"all"},{"kind":"ApplicationSet","name":"shops"}]},
             "spec":{"project":"shop","syncPolicy":{"automated":{"prune":true,"selfHeal":false}},
               "source":{"repoURL":"https://git.example/cfg-app.git","path":"staging","targetRevision":"main"}},
             "operation":{"sync":{"revision":"c3"}},
             "status":{
               "sync":{"status":"OutOfSync","revision":"c2",
                 "comparedTo":{"source":{"repoURL":"https://git.example/old.git","path":"staging"}}},
               "resources":[
                 {"kind":"Service","name":"web","namespace":"shop","status":"Synced","health":{"status":"Healthy"}},
                 {"kind":"Job","name":"smoke","namespace":"shop","hook":true},
                 {"group":"argoproj.io","kind":"Application","name":"eu","namespace":"argocd","status":"Synced"},
                 {"group":"apps","kind":"Deployment","name":"old","status":"OutOfSync","requiresPruning":true}],
               "health":{"status":"Degraded","message":"no pods"},
               "operationState":{"phase":"Succeeded","message":"all synced","finishedAt":"2026-11-23T09:00:00Z",
                 "operation":{"sync":{"revision":"c0","dryRun":true}},"syncResult":{"revision":"c1"}},
               "summary":{"images":["docker.example.com/web@sha256:1"]},
               "conditions":[{"type":"ComparisonError","message":"cannot render"}],
               "reconciledAt":"2026-11-23T09:00:05Z"}}
            """);

        assertThat(observed.version()).isEqualTo(37755);
        assertThat(observed.application())
                .isEqualTo(Application.builder(new ApplicationId("argocd", "web"))
                        .project("shop")
                        .labels(Map.of("wave", "staging"))
                        .applicationSet(Optional.of("shops"))
                        .deleting(true)
                        .reconciled(false)
                        .refreshRequested(true)
                        .trackedBy(Optional.of("team-a_all"))
                        .syncPolicy(new SyncPolicy(true, true, false, false))
                        .ofEarlierSpec(true)
                        .resources(List.of(
                                new ApplicationResource("argoproj.io", "Application", "argocd", "eu", "Synced", false),
                                new ApplicationResource("apps", "Deployment", "", "old", "OutOfSync", true)))
                        .sources(List.of(new ApplicationSource("https://git.example/cfg-app.git", "staging", "main")))
                        .sync(new SyncStatus(SyncStatusCode.OUT_OF_SYNC, "OutOfSync", List.of("c2")))
                        .health(new HealthStatus(HealthStatusCode.DEGRADED, "Degraded", "no pods"))
                        .operationRequested(true)
                        .operation(Optional.of(new SyncOperation(
                                OperationPhase.SUCCEEDED,
                                "Succeeded",
                                "all synced",
                                Optional.of(Instant.parse("2026-11-23T09:00:00Z")),
                                List.of("c1"),
                                true)))
                        .conditions(List.of(new ApplicationCondition("ComparisonError", "cannot render")))
                        .images(List.of("docker.example.com/web@sha256:1"))
                        .reconciledAt(Optional.of(Instant.parse("2026-11-23T09:00:05Z")))
                        .build());
    }

    /** What the spec says now, what Argo CD compared with, and whether that is of an earlier spec. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "source":{"repoURL":"r","path":"p"} | | false
        "source":{"repoURL":"r","path":"p"} | "source":{"repoURL":""},"destination":{} | false
        "source":{"repoURL":"r","path":"p"} | "source":{"repoURL":"r","path":"p"} | false
        "source":{"repoURL":"r","path":"p"} | "source":{"repoURL":"r","path":"q"} | true
        "source":{"repoURL":"r"} | "source":{"repoURL":"r","path":"","helm":{},"plugin":null} | false
        "source":{"repoURL":"r"} | "source":{"repoURL":"r","helm":{"valueFiles":["eu.yaml"]}} | true
        "source":{"repoURL":"r","kustomize":{"images":["a=b@c"]}} | "source":{"repoURL":"r"} | true
        "source":{"repoURL":"r","plugin":{"env":[{"name":"A","value":"1"}]}} \
          | "source":{"repoURL":"r","plugin":{"env":[{"name":"A","value":"2"}]}} | true
        "source":{"repoURL":"r"} | "sources":[{"repoURL":"r"}] | false
        "sources":[{"repoURL":"r"},{"repoURL":"s","ref":"x"}] | "sources":[{"repoURL":"r"}] | true
        "sources":[{"repoURL":"r"},{"repoURL":"s","ref":"x"}] \
          | "sources":[{"repoURL":"s","ref":"x"},{"repoURL":"r"}] | true
        "source":{"repoURL":"r"},"destination":{"name":"eu","namespace":"web"} \
          | "source":{"repoURL":"r"},"destination":{"name":"eu","namespace":"web"} | false
        "source":{"repoURL":"r"},"destination":{"name":"us","namespace":"web"} \
          | "source":{"repoURL":"r"},"destination":{"name":"eu","namespace":"web"} | true
        "source":{"repoURL":"r"},"destination":{"server":"https://eu.example.com"} \
          | "source":{"repoURL":"r"},"destination":{"server":"https://eu.example.com","namespace":"web"} | true
        "source":{"repoURL":"r"},"destination":{"name":"eu"} | "source":{"repoURL":"r"} | false
        "sourceHydrator":{"drySource":{"repoURL":"r","path":"dry"},"syncSource":{"targetBranch":"env","path":"web"}} \
          | "source":{"repoURL":"r","path":"web","targetRevision":"env","directory":{"recurse":true}} | false
        "sourceHydrator":{"drySource":{"repoURL":"r","path":"dry"},"syncSource":{"targetBranch":"env","path":"web"}} \
          | "source":{"repoURL":"r","path":"web","targetRevision":"old"} | true
        """)
    void aComparisonWithAnotherSpecIsToldFromOneWithThatOfNow(String spec, String compared, boolean earlier) {
        String json = "\"spec\":{" + spec + "},\"status\":{\"sync\":{\"status\":\"Synced\",\"comparedTo\":{"
                + (compared == null ? "" : compared) + "}}}";

        assertThat(web(json).isOfEarlierSpec()).isEqualTo(earlier);
    }

    @Test
    void anApplicationSetAmongTheResourcesIsKept() {
        assertThat(web("""
            "status":{"resources":[
              {"group":"argoproj.io","kind":"ApplicationSet","name":"shops","namespace":"argocd","status":"Synced"},
              {"group":"argoproj.io","kind":"AppProject","name":"shop","namespace":"argocd","status":"Synced"}]}
            """).resources())
                .extracting(ApplicationResource::toString)
                .containsExactly("ApplicationSet shops");
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
                                new ApplicationId("", "web"),
                                "default",
                                Map.of(),
                                Optional.empty(),
                                Optional.empty(),
                                false,
                                true,
                                false,
                                List.of(),
                                new SyncPolicy(false, false, false, false),
                                false,
                                Optional.empty(),
                                new SyncStatus(SyncStatusCode.UNKNOWN, "", List.of()),
                                new HealthStatus(HealthStatusCode.UNKNOWN, "", ""),
                                false,
                                Optional.empty(),
                                List.of(),
                                List.of(),
                                List.of(),
                                Optional.empty()),
                        0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "all", "all:apps/Deployment:argocd/web", "all:argoproj.io/Application:argocd/other"})
    void whatIsWrittenOnAnotherResourceDoesNotSayWhoTracksIt(String trackingId) {
        String json = "{\"metadata\":{\"name\":\"web\",\"namespace\":\"argocd\",\"annotations\":"
                + "{\"argocd.argoproj.io/tracking-id\":\"%s\"}}}";

        assertThat(read(json.formatted(trackingId)).application().trackedBy()).isEmpty();
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
                .containsExactly(
                        new ApplicationSource("https://charts", "", "1.2"),
                        new ApplicationSource("https://git", "x", ""));
        assertThat(web.sync().revisions()).containsExactly("1.2", "c1");
        assertThat(web.operation().orElseThrow().revisions()).containsExactly("1.2", "c2");
        assertThat(web.operation().orElseThrow().finishedAt()).isEmpty();
    }

    @Test
    void anOperationWithoutAResultHasTheRevisionThatWasAskedFor() {
        String asked = "\"status\":{\"operationState\":{\"phase\":\"Running\",\"operation\":{\"sync\":{%s}}}}";

        assertThat(web(asked.formatted("\"revision\":\"c1\""))
                        .operation()
                        .orElseThrow()
                        .revisions())
                .containsExactly("c1");
        assertThat(web(asked.formatted("\"revisions\":[\"a\",\"b\"]"))
                        .operation()
                        .orElseThrow()
                        .revisions())
                .containsExactly("a", "b");
        assertThat(web(asked.formatted("")).operation().orElseThrow().revisions())
                .isEmpty();
    }

    @Test
    void whatAHydratorWroteIsTheSource() {
        Application web = web("""
            "spec":{"sourceHydrator":{"drySource":{"repoURL":"https://git","path":"dry","targetRevision":"main"},
              "syncSource":{"targetBranch":"env/staging","path":"web"}}},
            "status":{"sourceHydrator":{"lastComparedDryRevision":"c2",
              "currentOperation":{"phase":"Hydrated","drySHA":"c1","hydratedSHA":"h1","message":""},
              "lastSuccessfulOperation":{"drySHA":"c1","hydratedSHA":"h1"}}}
            """);

        assertThat(web.sources()).containsExactly(new ApplicationSource("https://git", "web", "env/staging"));
        assertThat(web.hydration())
                .contains(
                        new Hydration(new ApplicationSource("https://git", "dry", "main"), "Hydrated", "", "c1", "h1"));
    }

    @Test
    void noMoreThanAFewOfManyDifferentResourcesAreKeptButEachApplication() {
        String different = "{\"kind\":\"Pod\",\"name\":\"p\",\"status\":\"OutOfSync\"},".repeat(100);
        String children = "{\"group\":\"argoproj.io\",\"kind\":\"Application\",\"name\":\"a\"},".repeat(99);

        assertThat(web("\"status\":{\"resources\":[" + different + children
                                + "{\"group\":\"argoproj.io\",\"kind\":\"Application\",\"name\":\"a\"}]}")
                        .resources())
                .hasSize(110);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {}                                         | false
        {"syncPolicy":{}}                          | false
        {"syncPolicy":{"automated":null}}          | false
        {"syncPolicy":{"automated":{}}}            | true
        {"syncPolicy":{"automated":{"enabled":true}}}  | true
        {"syncPolicy":{"automated":{"enabled":false}}} | false
        """)
    void synchronisesByItselfUnlessThatIsSwitchedOff(String spec, boolean automated) {
        assertThat(web("\"spec\":" + spec).syncPolicy().automated()).isEqualTo(automated);
    }

    @Test
    void wordsOfALaterArgoCdAreKeptAndCountAsUnknown() {
        Application web = web("\"status\":{\"sync\":{\"status\":\"SyncedSortOf\"},\"health\":{\"status\":\"Splendid\"},"
                + "\"operationState\":{\"phase\":\"Succeeding\"}}");

        assertThat(web.sync()).isEqualTo(new SyncStatus(SyncStatusCode.UNKNOWN, "SyncedSortOf", List.of()));
        assertThat(web.health()).isEqualTo(new HealthStatus(HealthStatusCode.UNKNOWN, "Splendid", ""));
        assertThat(web.operation().orElseThrow().phase()).isEqualTo(OperationPhase.UNKNOWN);
        assertThat(web.operation().orElseThrow().word()).isEqualTo("Succeeding");
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
        "status":{"resources":[{"requiresPruning":1}]} | status.resources.requiresPruning of web that is not true or false
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
