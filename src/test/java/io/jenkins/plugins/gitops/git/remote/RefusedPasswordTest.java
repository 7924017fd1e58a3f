package io.jenkins.plugins.gitops.git.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.keyboard.DefaultKeyboardInteractiveAuthenticator;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.shell.ProcessShellCommandFactory;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers lock accounts after some wrong passwords: each look and each push offers one once. */
class RefusedPasswordTest {

    private static final RefNames NAMES = new RefNames("main", "auto", RefNames.defaultState("main"));

    @TempDir
    Path root;

    private final List<String> offered = Collections.synchronizedList(new ArrayList<>());

    private boolean knownHost = true;

    /** Every way to reach the server. */
    interface ServerCall {
        void on(ConfigRepoClone clone) throws Exception;
    }

    static Stream<ServerCall> calls() {
        return Stream.of(
                clone -> clone.look(NAMES),
                clone -> clone.lookToPush(NAMES),
                clone -> clone.list("refs/heads/"),
                clone -> clone.probe(NAMES));
    }

    private HttpServer refusing(String... challenges) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String given = exchange.getRequestHeaders().getFirst("Authorization");
            if (given != null) {
                offered.add(given.split(" ", 2)[0]);
            }
            for (String challenge : challenges) {
                exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
            }
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private void assertRefused(HttpServer server, ServerCall call) throws Exception {
        var provider = new UsernamePasswordCredentialsProvider("bot", "mistyped");
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/cfg-app";
        try (ConfigRepoClone clone = ConfigRepoClone.open(root.resolve("clone"), url, () -> provider)) {
            assertThatThrownBy(() -> call.on(clone))
                    .isInstanceOf(RepoMisconfigured.class)
                    .hasMessageContaining("refused access")
                    .hasMessageNotContaining("mistyped");
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void overHttpItIsOfferedOnce(ServerCall call) throws Exception {
        assertRefused(refusing("Basic realm=\"git\""), call);

        assertThat(offered).containsExactly("Basic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "basic",
                "Basic realm=\"a, b\", charset=\"UTF-8\"",
                "Negotiate, Basic realm=\"git\"",
                "Bearer realm=\"git\"",
                "TFS-Federated",
                "\"",
                ""
            })
    void howeverItIsAskedFor(String challenge) throws Exception {
        assertRefused(refusing(challenge), clone -> clone.look(NAMES));

        assertThat(offered).containsExactly("Basic");
    }

    @Test
    void alsoWhereTheServerAsksForNothing() throws Exception {
        assertRefused(refusing(), clone -> clone.lookToPush(NAMES));

        assertThat(offered).containsExactly("Basic");
    }

    @Test
    void severalKindsThatAreAskedForAreNotTriedInTurn() throws Exception {
        assertRefused(
                refusing("Digest realm=\"git\", nonce=\"n\", qop=\"auth\"", "Basic realm=\"git\""),
                clone -> clone.look(NAMES));

        assertThat(offered).containsExactly("Basic");
    }

    @Test
    void aServerThatTakesDigestsOnlyGetsOne() throws Exception {
        assertRefused(refusing("Digest realm=\"git\", nonce=\"n\", qop=\"auth\""), clone -> clone.look(NAMES));

        assertThat(offered).containsExactly("Basic", "Digest");
    }

    /** A server that knows no keys; the one password that it takes is right. */
    private SshServer sshServer(List<UserAuthFactory> logins) throws IOException {
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider(root.resolve("host")));
        server.setUserAuthFactories(logins);
        server.setKeyboardInteractiveAuthenticator(DefaultKeyboardInteractiveAuthenticator.INSTANCE);
        server.setPasswordAuthenticator((user, password, session) -> {
            offered.add(password);
            return password.equals("right");
        });
        server.setCommandFactory(ProcessShellCommandFactory.INSTANCE);
        server.start();
        return server;
    }

    @ParameterizedTest
    @MethodSource("calls")
    void overSshItIsOfferedOnce(ServerCall call) throws Exception {
        try (SshServer server = sshServer(
                        List.of(UserAuthPasswordFactory.INSTANCE, UserAuthKeyboardInteractiveFactory.INSTANCE));
                ConfigRepoClone clone = clone("ssh://bot@127.0.0.1:" + server.getPort() + "/cfg-app", "mistyped")) {
            assertThatThrownBy(() -> call.on(clone))
                    .isInstanceOf(RepoMisconfigured.class)
                    .hasMessageContaining("refused access")
                    .hasMessageNotContaining("mistyped");
        }

        assertThat(offered).containsExactly("mistyped");
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aServerWithAnotherKeyIsNotGivenIt(ServerCall call) throws Exception {
        knownHost = false;
        try (SshServer server = sshServer(List.of(UserAuthPasswordFactory.INSTANCE));
                ConfigRepoClone clone = clone("ssh://bot@127.0.0.1:" + server.getPort() + "/cfg-app", "right")) {
            assertThatThrownBy(() -> call.on(clone))
                    .hasMessageContaining("the ssh key of its host is not one that is known");
        }

        assertThat(offered).isEmpty();
    }

    static Stream<UserAuthFactory> passwordLogins() {
        return Stream.of(UserAuthPasswordFactory.INSTANCE, UserAuthKeyboardInteractiveFactory.INSTANCE);
    }

    @ParameterizedTest
    @MethodSource("passwordLogins")
    void theRightOneLogsInOverSsh(UserAuthFactory login) throws Exception {
        Path bare = GitCli.createBare(root.resolve("cfg-app.git"), "main");
        try (SshServer server = sshServer(List.of(login));
                ConfigRepoClone clone = clone("ssh://bot@127.0.0.1:" + server.getPort() + bare, "right")) {
            assertThat(clone.list("refs/heads/")).isEmpty();
        }

        assertThat(offered).containsExactly("right");
    }

    @ParameterizedTest
    @CsvSource({
        "ssh://git@git.example.com/cfg, ssh://git@git.example.com:22, true",
        "git@git.example.com:acme/cfg, ssh://git@git.example.com:22, true",
        "ssh://git@git.example.com:2222/cfg, ssh://git@git.example.com:2222, true",
        "ssh://git@git.example.com/cfg, ssh://git@git.example.com:2222, false",
        "ssh://git@git.example.com/cfg, ssh://git@evil.example.com:22, false"
    })
    void theConfiguredServerAloneIsGivenIt(String own, String asking, boolean given) throws Exception {
        var credentials = new OneConnectionCredentials(
                new URIish(own), new UsernamePasswordCredentialsProvider("bot", "right"), true);

        assertThat(credentials.get(new URIish(asking), new CredentialItem.Password()))
                .isEqualTo(given);
        assertThat(credentials.get(new URIish(asking), new CredentialItem.Password()))
                .isFalse();
    }

    private ConfigRepoClone clone(String url, String password) throws RepoUnavailable {
        return ConfigRepoClone.open(root.resolve("clone"), url, login(password));
    }

    private CredentialsSource login(String password) {
        var provider = new UsernamePasswordCredentialsProvider("bot", password);
        return new CredentialsSource() {
            @Override
            public CredentialsProvider get() {
                return provider;
            }

            @Override
            public SshAccess ssh() {
                return new SshAccess("bot", List.of(), null, new HostKeys());
            }
        };
    }

    private final class HostKeys implements ServerKeyDatabase {

        @Override
        public List<PublicKey> lookup(String address, InetSocketAddress remote, Configuration config) {
            return List.of();
        }

        @Override
        public boolean accept(
                String address,
                InetSocketAddress remote,
                PublicKey key,
                Configuration config,
                CredentialsProvider provider) {
            return knownHost;
        }
    }
}
