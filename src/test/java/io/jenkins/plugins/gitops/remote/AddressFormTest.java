package io.jenkins.plugins.gitops.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.remote.RemoteAddress.Protocol;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.transport.URIish;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressFormTest {

    private static final AddressForm GIT = new AddressForm(
            Set.of(Protocol.values()), "https://git.example.com/acme/cfg-app.git", "take them out.", true);
    private static final AddressForm WEB =
            new AddressForm(Set.of(Protocol.HTTPS, Protocol.HTTP), "https://argo.example.com", "take them out.", true);

    @ParameterizedTest
    @CsvSource({
        "https://git.example.com/acme/cfg-app.git, HTTPS, git.example.com",
        "https://git.example.com:8443/acme/cfg-app.git, HTTPS, git.example.com",
        "https://git.example.com, HTTPS, git.example.com",
        "https://xn--bcher-kva.example/x, HTTPS, xn--bcher-kva.example",
        "https://127.0.0.1:1/x, HTTPS, 127.0.0.1",
        "https://[::1]:8443/x, HTTPS, [::1]",
        "https://dev.azure.com/acme/My%20Project/_git/cfg, HTTPS, dev.azure.com",
        "https://git.example.com/~bob/c%C3%BCr.git, HTTPS, git.example.com",
        "http://git.example.com/x, HTTP, git.example.com",
        "ssh://git@git.example.com:2222/acme/cfg-app.git, SSH, git.example.com",
        "ssh://my_host/acme/cfg-app.git, SSH, my_host",
        "ssh://[::1]/x, SSH, [::1]",
        "git@git.example.com:acme/cfg-app.git, SSH, git.example.com",
        "git@gitserver:acme/cfg-app.git, SSH, gitserver",
        "git@gitserver:/srv/cfg-app.git, SSH, gitserver",
        "git.example.com:acme/cfg-app.git, SSH, git.example.com",
        "file:///srv/cfg-app.git/, FILE, ''",
        "file:///C:/srv/cfg-app.git, FILE, ''"
    })
    void knownFormsAreReadAsGitReadsThemAndStayAsTheyAre(String text, Protocol protocol, String host) throws Exception {
        RemoteAddress address = GIT.parse(text, true);

        assertThat(address.protocol()).isEqualTo(protocol);
        assertThat(address.host()).isEqualTo(host);
        assertThat(address).hasToString(text);
        var readByGit = new URIish(text);
        assertThat(Optional.ofNullable(readByGit.getHost()).orElse("")).isEqualTo(host);
        assertThat(readByGit.getScheme()).isEqualTo(address.shortForm() ? null : protocol.toString());
        assertThat(Optional.ofNullable(readByGit.getUser())).isEqualTo(address.user());
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPS://Git.Example.COM/Acme, https://git.example.com/Acme",
        "SSH://git@Git.Example.COM/Acme, ssh://git@git.example.com/Acme",
        "FILE:///srv/X.git, file:///srv/X.git",
        "file:/srv/x.git, file:///srv/x.git",
        "'  https://git.example.com/x ', https://git.example.com/x"
    })
    void theCanonicalFormIsWhatATransportKnows(String text, String canonical) {
        assertThat(GIT.parse(text, true)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/srv/x.git", "file:///srv/x.git", "FILE:/srv/x.git", "http://git.example.com/x"})
    void whatIsNotEncryptedHasToBeAllowed(String text) {
        assertThat(GIT.problem(text, true)).isEmpty();
        assertThat(GIT.problem(text, false).orElseThrow()).contains("allowInsecure: true");
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "https://secret@git.example.com/x,user or password",
                "https://bot:secret@git.example.com/x,user or password",
                "https://bot:se@cret@git.example.com/x,user or password",
                "https://:secret@git.example.com/x,user or password",
                "https://@git.example.com/x,user or password",
                "https://git.example.com\\@secret/x,user or password",
                "git@[::1:secret,has to begin with",
                "ssh://git:secret@git.example.com/x,user or password",
                "https://git.example.com/x?access_token=secret,has a '?' or '#'",
                "https://git.example.com/x?private_token=secret,has a '?' or '#'",
                "https://git.example.com?secret,has a '?' or '#'",
                "https://git.example.com/x#secret,has a '?' or '#'",
                "https:///secret,names no host",
                "ssh:///secret,names no host",
                "https://git.example.com:0/secret,no port",
                "https://git.example.com:65536/secret,no port",
                "https://git.example.com:99999999999/secret,no port",
                "https://git.example.com:/secret,no port",
                "https://git.example.com:-1/secret,no port",
                "ssh://git.example.com:+22/secret,no port",
                "https://b\u00fccher.example/secret,not ASCII",
                "https://git.example.c\u043em/secret,not ASCII",
                "file://server/secret,names a host",
                "file://localhost/secret,names a host",
                "git://git.example.com/secret,has to begin with https:// or ssh://",
                "ssh+git://git.example.com/secret,has to begin with",
                "git+ssh://git.example.com/secret,has to begin with",
                "ftp://git.example.com/secret,has to begin with",
                "sftp://git.example.com/secret,has to begin with",
                "amazon-s3://secret@bucket/x,has to begin with",
                "javascript://git.example.com/secret,has to begin with",
                "jar:file:///srv/secret!/x,has to begin with",
                "ext::sh -c secret,has to begin with",
                "-oProxyCommand=secret:y,has to begin with",
                "file:secret,has to begin with",
                "https:/git.example.com/secret,has to begin with",
                "https:secret,has to begin with",
                "C:\\secret,has to begin with",
                "C:/secret,has to begin with",
                "\\\\server\\secret,has to begin with",
                "//server/secret,has to begin with",
                "/srv/secret,has to begin with",
                "../secret,has to begin with",
                "secret,has to begin with",
                "host:secret,has to begin with",
                "user:secret@git.example.com:x,has to begin with",
                "'',has to begin with"
            })
    void everythingElseIsRefusedWithASentenceThatDoesNotRepeatIt(String text, String why) {
        assertThat(GIT.problem(text, true).orElseThrow())
                .contains(why)
                .endsWith(".")
                .doesNotContain("secret");
        assertThatThrownBy(() -> GIT.parse(text, true)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh://-oProxyCommand=x/y",
                "ssh://git@-oProxyCommand=x/y",
                "ssh://-oProxyCommand=x@git.example.com/y",
                "git@-oProxyCommand=x:y",
                "-oProxyCommand=x@git.example.com:y",
                "-oProxyCommand.x:y",
                "git@git.example.com:-oProxyCommand=x",
                "git@git.example.com:a%00b",
                "git@git.example.com://x",
                "git@git.example.com:x:y",
                "git@git.example.com:../x",
                "https://git.example.com./x",
                "https://.git.example.com/x",
                "https://git..example.com/x",
                "https://-git.example.com/x",
                "https://git-.example.com/x",
                "https://my_host/x",
                "https://0x7f000001/x",
                "https://127.1/x",
                "https://2130706433/x",
                "ssh://127.1/x",
                "https://127.0.0.0x1/x",
                "https://256.1.1.1/x",
                "https://[::g]/x",
                "https://[::1/x",
                "https://[fe80::1%25eth0]/x",
                "https://git.example.com%00.evil.example/x",
                "https://git.example.com/a b",
                "https://git.example.com/a\nb",
                "https://git.example.com/a\rHost: x",
                "https://git.example.com/a\tb",
                "https://git.example.com/a\u0000b",
                "https://git.example.com/a\u202eb",
                "https://git.example.com/a\u200bb",
                "https://git.example.com/\u00fc",
                "https://git.example.com/%00",
                "https://git.example.com/%0a",
                "https://git.example.com/%E2%80%AE",
                "https://git.example.com/%E2%80%8B",
                "https://git.example.com/%C0%AE",
                "https://git.example.com/%FF",
                "https://git.example.com/%",
                "https://git.example.com/%4",
                "https://git.example.com/%zz",
                "https://git.example.com/a/../b",
                "https://git.example.com/a/%2e%2E/b",
                "https://git.example.com/./b",
                "https://git.example.com/a/..",
                "https://git.example.com/a%2fb",
                "https://git.example.com/a%5cb",
                "https://git.example.com/a\\b",
                "https://git.example.com/<script>",
                "https://git.example.com/\"x\"",
                "file:////server/share",
                "file:///",
                "file:///srv/../etc"
            })
    void tricksInHostsAndPathsAreNoAddresses(String text) {
        assertThat(GIT.problem(text, true).orElseThrow())
                .startsWith("is not a valid address")
                .endsWith(".");
    }

    @Test
    void aLongAddressIsRefused() {
        assertThat(GIT.problem("https://git.example.com/" + "a".repeat(2000), true)
                        .orElseThrow())
                .contains("longer than 2000");
    }

    @Test
    void serversOfOtherKindsAreReachedByTheWebOnly() {
        assertThat(WEB.problem("ssh://git.example.com/x", true).orElseThrow()).isEqualTo("has to begin with https://.");
        assertThat(WEB.problem("git@git.example.com:x", true)).contains("has to begin with https://.");
        assertThat(WEB.problem("file:///srv/x", true)).contains("has to begin with https://.");
        assertThat(WEB.problem("file:/srv/x", true)).contains("has to begin with https://.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ci.example.com/job/a%20b/17/?x=1&y[]=2#L1",
                "http://127.0.0.1:8080/",
                "https://ci.example.com"
            })
    void webPagesMayBeLinkedTo(String url) {
        assertThat(AddressForm.webPage(url)).contains(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "JaVaScRiPt:alert(1)//https://x",
                " javascript://ci.example.com/%0aalert(1)",
                "data:text/html,x",
                "vbscript:x",
                "//evil.example/x",
                "/relative",
                "https:evil.example",
                "https:/\\evil.example",
                "https://github.com@evil.example/",
                "https://user:secret@ci.example.com/",
                "https://ci.example.com/?a=\"onclick=",
                "https://ci.example.com/?a=<b>",
                "https://ci.example.com/?a\nb",
                "https://ci.example.com/#\u202e",
                "file:///etc/passwd",
                ""
            })
    void nothingElseIsLinkedTo(String url) {
        assertThat(AddressForm.webPage(url)).isEmpty();
    }
}
