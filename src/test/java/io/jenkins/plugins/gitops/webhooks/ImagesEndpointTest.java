package io.jenkins.plugins.gitops.webhooks;

import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.IMAGES;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.and;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.bearer;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("sandbox")
class ImagesEndpointTest {

    private static final String HOOK = "/images/cfg-app";
    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";
    private static final String BODY = """
        {"shop": {"Digest": "docker.example.com/shop@sha256:%s", "Tag": "docker.example.com/shop:1"}}
        """.formatted("a".repeat(64));

    @RegisterExtension
    final EndpointFixture endpoints = new EndpointFixture();

    private WebResponse announce(String query) throws Exception {
        return endpoints.post(HOOK + query, BODY, signed(IMAGES, query.equals("?") ? HOOK : HOOK + query, BODY));
    }

    @Test
    void anAnnouncementStartsABuildWithWhatWasAnnounced() throws Exception {
        WebResponse answer = announce("?appSha=" + SHA + "&order=17&set=web");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("A build is queued.\n");
        assertThat(endpoints.announced)
                .singleElement()
                .returns("cfg-app", ImageAnnouncement::repository)
                .returns(Optional.of("web"), ImageAnnouncement::set)
                .returns(Optional.of(SHA), ImageAnnouncement::appSha)
                .returns(OptionalLong.of(17), ImageAnnouncement::number)
                .returns(ImageSet.parse(BODY), ImageAnnouncement::images);
    }

    @Test
    void theQuerySaysWhetherTheSetIsReplacedAndWhetherGoingBackIsMeant() throws Exception {
        assertThat(announce("?order=1&replace=true").status()).isEqualTo(202);
        assertThat(announce("?order=2&redeliver=true").status()).isEqualTo(202);
        assertThat(announce("?order=2&redeliver=true&replace=false").status()).isEqualTo(202);
        assertThat(announce("?replace=yes").body()).contains("The replace is not true or false.");

        assertThat(endpoints.announced)
                .extracting(ImageAnnouncement::isReplace, ImageAnnouncement::isRedeliver)
                .containsExactly(tuple(true, false), tuple(false, true));
        // What is added to the query is not what was signed.
        assertThat(endpoints
                        .post(HOOK + "?order=3&replace=true", BODY, signed(IMAGES, HOOK + "?order=3", BODY))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void theQueryMayBeLeftOutOrHaveEmptyValues() throws Exception {
        for (String query : List.of("", "?", "?appSha=&order=&set=")) {
            assertThat(announce(query).status()).as(query).isEqualTo(202);
        }
        assertThat(endpoints.announced).hasSize(3).allSatisfy(announced -> {
            assertThat(announced.appSha()).isEmpty();
            assertThat(announced.set()).isEmpty();
            assertThat(announced.order()).isEmpty();
        });
    }

    @Test
    void theSecretItselfIsProofToo() throws Exception {
        assertThat(endpoints.post(HOOK, BODY, bearer(IMAGES)).status()).isEqualTo(202);
        assertThat(endpoints.post(HOOK, BODY, bearer(EndpointFixture.REPORTERS)).status())
                .isEqualTo(403);
        assertThat(endpoints.post(HOOK, BODY, Map.of()).status()).isEqualTo(401);
        assertThat(endpoints.announced).hasSize(1);
    }

    @Test
    void whereNoJobListensItSaysSo() throws Exception {
        endpoints.listening = 0;

        WebResponse answer = announce("?order=1");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).contains("imagesAnnounced()");
        endpoints.listening = 2;
        assertThat(announce("?order=1").body()).as("the same again").isEqualTo("2 builds are queued.\n");
    }

    @Test
    void whatIsSentAgainStartsNothing() throws Exception {
        assertThat(announce("?order=17").status()).isEqualTo(202);
        assertThat(announce("?order=17"))
                .returns(202, WebResponse::status)
                .extracting(WebResponse::body)
                .asString()
                .contains("before");
        assertThat(endpoints.announced).hasSize(1);

        announce("?order=18");
        announce("?order=18&appSha=" + SHA);
        assertThat(endpoints.announced).hasSize(3);
    }

    @Test
    void theSenderMayNameItsDelivery() throws Exception {
        for (String key : List.of("a", "a", "b")) {
            endpoints.post(HOOK, BODY, and(bearer(IMAGES), "Idempotency-Key", key));
        }

        assertThat(endpoints.announced).hasSize(2);
    }

    @Test
    void withoutANumberEachAnnouncementIsANewOne() throws Exception {
        announce("");
        announce("");

        assertThat(endpoints.announced).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?appSha=7d10434",
                "?appSha=main",
                "?order=x",
                "?order=-1",
                "?order=1.5",
                "?order=1234567890123456789",
                "?order=1&order=2",
                "?set=../x",
                "?set=%2e%2e",
                "?set=%zz",
                "?order",
                "?wave=production",
                "?order=1&"
            })
    void otherQueriesAreBad(String query) throws Exception {
        WebResponse answer = announce(query);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(endpoints.announced).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{}",
                "null",
                "{\"shop\": 1}",
                "{\"shop\": {}}",
                "{\"shop\": {\"Tag\": \"docker.example.com/shop:1\"}}",
                "{\"shop\": {\"Tag\": 1, \"Digest\": 2}}",
                "{\"../shop\": {\"Tag\": \"a/b:1\", \"Digest\": \"a/b@sha256:0\"}}"
            })
    void otherBodiesAreBad(String body) throws Exception {
        WebResponse answer = endpoints.post(HOOK, body, signed(IMAGES, HOOK, body));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(endpoints.announced).isEmpty();
    }

    @Test
    void aFormIsNoJson() throws Exception {
        var headers = and(signed(IMAGES, HOOK, BODY), "Content-Type", "application/x-www-form-urlencoded");

        assertThat(endpoints.post(HOOK, BODY, headers).status()).isEqualTo(415);
        assertThat(endpoints.announced).isEmpty();
    }
}
