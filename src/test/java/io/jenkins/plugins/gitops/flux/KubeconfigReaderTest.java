package io.jenkins.plugins.gitops.flux;

import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.base64;
import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.certificate;
import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.kubeconfig;
import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.pem;
import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubeconfigReaderTest {

    private static final String SERVER = "https://cluster.example.com:6443";
    private static final String SECRET = "eyJhbGciOi.S3CR3T.c2lnbmF0dXJl";
    private static final String TOKEN = "token: " + SECRET;

    private static ClusterLogin read(ClusterSettings settings, String file) {
        return KubeconfigReader.read(settings, file.getBytes(StandardCharsets.UTF_8));
    }

    private static ClusterLogin read(String file) {
        return read(settings(""), file);
    }

    private static void assertRefused(ClusterSettings settings, String file, String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(settings, file))
                .withMessageContaining(words)
                .satisfies(refusal -> {
                    var all = new StringWriter();
                    refusal.printStackTrace(new PrintWriter(all));
                    assertThat(all.toString()).doesNotContain("S3CR3T");
                    assertThat(refusal.getMessage()).matches("(has|is|names|starts|asks|logs|cannot) .*[^.]");
                });
    }

    @Test
    void theCurrentContextSaysWhereAndAsWhom() {
        ClusterLogin login = read(kubeconfig(SERVER, TOKEN));

        assertThat(login.url()).isEqualTo(SERVER);
        assertThat(login.token()).contains(SECRET);
        assertThat(login.tls()).isEqualTo(new ClusterTls(Optional.of(pem("ca.pem")), Optional.empty()));
        assertThat(login).asString().doesNotContain("S3CR3T");
    }

    @Test
    void otherContextsAreNotRead() {
        String others = kubeconfig(SERVER, TOKEN)
                .replace("contexts:\n", "contexts:\n- {name: laptop, context: {cluster: eu, user: laptop}}\n")
                .replace("users:\n", "users:\n- {name: laptop, user: {exec: {command: aws}}}\n");

        assertThat(read(others).token()).contains(SECRET);
        assertRefused(settings(""), others.replace("current-context: jenkins@eu", "current-context: laptop"), "(exec)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client-rsa", "client-ec", "client-ed25519"})
    void aClientCertificateIsALoginInEachFormOfItsKey(String name) {
        ClusterLogin login = read(kubeconfig(SERVER, certificate(name)));

        assertThat(login.token()).isEmpty();
        assertThat(login.tls().client()).isPresent();
        assertThat(login).asString().doesNotContain("PRIVATE KEY");
        assertThat(login.tls()).asString().doesNotContain("PRIVATE KEY");
    }

    @Test
    void jsonIsYaml() {
        String json = "{\"current-context\":\"c\",\"contexts\":[{\"name\":\"c\",\"context\":{\"cluster\":\"k\","
                + "\"user\":\"u\"}}],\"clusters\":[{\"name\":\"k\",\"cluster\":{\"server\":\"" + SERVER + "/\"}}],"
                + "\"users\":[{\"name\":\"u\",\"user\":{\"token\":\"" + SECRET + "\"}}]}";

        assertThat(read(json).url()).isEqualTo(SERVER);
        assertThat(read(json).tls().authorities()).isEmpty();
        var trusted = new ClusterSettings("eu", SERVER, "", Optional.of(pem("ca.pem")), false);
        assertThat(read(trusted, json).tls().authorities()).contains(pem("ca.pem"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exec: {command: aws, args: [S3CR3T]}             | starts a program to log in (exec)",
                "auth-provider: {name: gcp}                       | starts a program to log in (auth-provider)",
                "tokenFile: /var/run/secrets/S3CR3T               | names a file of another machine (tokenFile)",
                "client-certificate: /root/S3CR3T.crt             | names a file of another machine"
                        + " (client-certificate)",
                "{client-certificate-data: eA==, client-key: /k}  | names a file of another machine (client-key)",
                "{username: admin, password: S3CR3T}              | logs in with a password (username)",
                "{token: x, password: S3CR3T}                     | logs in with a password (password)",
                "{token: S3CR3T, as: admin}                       | asks as somebody else (as)",
                "{token: S3CR3T, as-groups: [system:masters]}     | asks as somebody else (as-groups)",
                "{token: S3CR3T, as-uid: x}                       | asks as somebody else (as-uid)",
                "{token: S3CR3T, as-user-extra: {a: [b]}}         | asks as somebody else (as-user-extra)",
                "{}                                               | has neither a token nor client-certificate-data",
                "token: ''                                        | has neither a token nor client-certificate-data",
                "tokem: S3CR3T                                    | has neither a token nor client-certificate-data",
                "token: 17                                        | has a token that is not a text; put it in quotes",
                "token: [S3CR3T]                                  | has a token that is not a text; put it in quotes",
                "token: REDACTED                                  | has its secrets left out (REDACTED)",
                "client-key-data: DATA+OMITTED                    | has its secrets left out (DATA+OMITTED)",
                "client-certificate-data: eA==                    | without the other",
                "client-key-data: S3CR3T==                        | without the other",
                "{client-certificate-data: eA==, client-key-data: eA==} | client-certificate-data that has no"
                        + " certificate",
                "{client-certificate-data: eA=, client-key-data: eA=} | client-certificate-data that is not Base64"
            })
    void whatIsNoLoginIsRefused(String user, String words) {
        assertRefused(settings(""), kubeconfig(SERVER, user), words);
    }

    static Stream<Arguments> changesOfTheFile() {
        return Stream.of(
                arguments("server: " + SERVER, "x: y", "has no server"),
                arguments(SERVER, "http://cluster.example.com", "since its server uses http"),
                arguments(SERVER, "https://u:S3CR3T@example.com", "since its server contains a user"),
                arguments(SERVER, "https://example.com/?token=S3CR3T", "since its server has a '?'"),
                arguments(SERVER, "6443", "has a server that is not a text"),
                arguments("    server:", "    insecure-skip-tls-verify: true\n    server:", "not verified"),
                arguments("    server:", "    insecure-skip-tls-verify: yes\n    server:", "not verified"),
                arguments("    server:", "    proxy-url: socks5://h\n    server:", "names a proxy (proxy-url)"),
                arguments("    server:", "    tls-server-name: other\n    server:", "checked for another name"),
                arguments(
                        "    certificate-authority-data:",
                        "    certificate-authority: /ca.crt\n    x:",
                        "names a file of another machine (certificate-authority)"),
                arguments(
                        "    certificate-authority-data:",
                        "    certificate-authority-data: eA==\n    x:",
                        "certificate-authority-data that has no certificate"),
                arguments("current-context: jenkins@eu", "", "has no current-context"),
                arguments("current-context: jenkins@eu", "current-context: other", "nothing called \"other\""),
                arguments("    cluster: eu\n", "    cluster: us\n", "nothing called \"us\" under clusters"),
                arguments("    user: jenkins", "    user: me", "nothing called \"me\" under users"),
                arguments("    user: jenkins", "    x: me", "names no user in its context"),
                arguments("    cluster: eu\n", "    x: us\n", "names no cluster in its context"),
                arguments("users:\n", "users:\n- name: jenkins\n", "has two entries called"),
                arguments("kind: Config", "kind: Config\nkind: S3CR3T", "has a field twice (line"),
                arguments("kind: Config", "kind: [S3CR3T", "is not valid YAML"),
                arguments("kind: Config", "kind: *S3CR3T", "has an alias of YAML"),
                arguments("kind: Config", "---\nkind: Config", "is not valid YAML"),
                arguments("kind: Config", "kind: \u0007", "is not valid YAML"),
                arguments("preferences: {}", "preferences: &p {}\nmore: *p", "has an alias of YAML"));
    }

    @ParameterizedTest
    @MethodSource("changesOfTheFile")
    void aFileThatSaysNoSafeConnectionIsRefused(String part, String other, String words) {
        String file = kubeconfig(SERVER, TOKEN);
        assertThat(file).contains(part);

        assertRefused(settings(""), file.replace(part, other), words);
    }

    @Test
    void noTagOfYamlMakesAnObject() {
        String tagged = kubeconfig(SERVER, TOKEN).replace("kind: Config", "kind: !!java.net.URL [https://example.com]");

        assertThat(read(tagged).token()).contains(SECRET);
    }

    @Test
    void aServerNameThatIsThatOfTheAddressIsNoOther() {
        String file = kubeconfig(SERVER, TOKEN)
                .replace(
                        "    server:",
                        "    insecure-skip-tls-verify: false\n    tls-server-name: cluster.example.com\n    server:");

        assertThat(read(file).url()).isEqualTo(SERVER);
    }

    @Test
    void theConfiguredAddressHasToBeThatOfTheFile() {
        assertThat(read(settings(SERVER + "/"), kubeconfig(SERVER, TOKEN)).url())
                .isEqualTo(SERVER);
        assertRefused(
                settings("https://other.example.com"),
                kubeconfig(SERVER, TOKEN),
                "is for the server " + SERVER + ", and url is https://other.example.com");
    }

    @Test
    void anAuthorityIsGivenOnce() {
        assertRefused(
                new ClusterSettings("eu", "", "", Optional.of(pem("ca.pem")), false),
                kubeconfig(SERVER, TOKEN),
                "caCertificate is set too");
    }

    @ParameterizedTest
    @CsvSource({
        "client-ec, client-rsa.key, client-key-data that does not belong to its certificate",
        "client-ec, server.key, client-key-data that does not belong to its certificate",
        "client-rsa, encrypted-pkcs1.key, client-key-data that is encrypted",
        "client-ec, encrypted-pkcs8.key, client-key-data that is encrypted",
        "client-ec, client-ec.pem, client-key-data that has no private key"
    })
    void aKeyThatIsNoneOfTheCertificateIsRefused(String certificate, String key, String words) {
        String user = "client-certificate-data: " + base64(pem(certificate + ".pem")) + "\nclient-key-data: "
                + base64(pem(key));

        assertRefused(settings(""), kubeconfig(SERVER, user), words);
    }

    @Test
    void hugeAndDeepFilesAreRefusedSoon() {
        assertRefused(settings(""), "a: " + "x".repeat(1 << 20), "is larger than 1 MiB");
        assertRefused(settings(""), "a: " + "[".repeat(500_000), "is not valid YAML");
        assertRefused(settings(""), "? ".repeat(500_000), "is not valid YAML");
        assertRefused(settings(""), "", "has no current-context");
        assertRefused(settings(""), "\0", "is not valid YAML");
        assertRefused(settings(""), "S3CR3T", "has no current-context");
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (int level = 1; level < 30; level++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(level, level, ("*a" + (level - 1) + ",").repeat(9)));
        }
        assertRefused(settings(""), bomb.toString(), "has an alias of YAML");
    }
}
