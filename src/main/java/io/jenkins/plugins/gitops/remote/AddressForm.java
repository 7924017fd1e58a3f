package io.jenkins.plugins.gitops.remote;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.remote.RemoteAddress.Protocol;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The form that addresses of one kind of system have to have, and their only parser. It refuses every text that it does
 * not recognise as such an address, so that no other parser of the text, such as a transport of git, can read it
 * differently. Refusals never repeat the address, which may hold a password.
 *
 * @param protocols the protocols that are allowed
 * @param example a valid address, for refusals
 * @param insteadOfSecret what to do with a user or password in the address, as the end of a sentence
 * @param hasPath whether a path may follow host and port
 */
public record AddressForm(Set<Protocol> protocols, String example, String insteadOfSecret, boolean hasPath) {

    private static final int MAX_LENGTH = 2000;
    private static final int MAX_HOST = 253;
    private static final int MAX_PORT = 65535;

    /** Scheme, authority, path, and the rest from the first question mark or number sign. */
    private static final Pattern URL =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)([?#].*)?", Pattern.DOTALL);

    /** A file address without an authority (RFC 8089, appendix B). */
    private static final Pattern BARE_FILE = Pattern.compile("(?i:file):(/(?!/).*)", Pattern.DOTALL);

    /**
     * Git's short form for ssh. Without a user the host must have a dot, since it could be read as a scheme otherwise.
     */
    private static final Pattern SHORT_FORM =
            Pattern.compile("(?:([^@:/]++)@)?+([^@:/\\[]++|\\[[^]]*+]):(.++)", Pattern.DOTALL);

    private static final Pattern AUTHORITY = Pattern.compile("(?:([^@]*)@)?([^@:\\[]*|\\[[^]@]*])(?::(.*))?");

    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}");
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?";
    private static final Pattern HOST = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*+");
    /**
     * A last label of a host that some parsers read as that of an IP address in another notation (WHATWG URL, 3.5).
     */
    private static final Pattern NUMBER = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*+)");

    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]{2,45}]");

    /** The characters of a path (RFC 3986, 3.3). */
    private static final Pattern PATH = Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*+");

    /** Of a decoded path: what cannot be seen, separates lines or is another separator of folders. */
    private static final Pattern HIDDEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}\\\\]");

    private static final Pattern DOT_SEGMENT = Pattern.compile("(?:.*/)?\\.{1,2}(?:/.*)?", Pattern.DOTALL);

    /** The characters that may follow the path of a link: a query and a fragment (RFC 3986, 3.4 and 3.5). */
    private static final Pattern QUERY = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@/?#%\\[\\]-]*+");

    private static final AddressForm WEB_PAGE =
            new AddressForm(Set.of(Protocol.HTTPS, Protocol.HTTP), "https://ci.example.com", "take them out.", true);

    /** Why an address is refused, as the end of a sentence that begins with the field's name. */
    private static final class RefusedAddress extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        RefusedAddress(String problem) {
            super(problem);
        }
    }

    public AddressForm {
        protocols = Set.copyOf(protocols);
    }

    /**
     * Returns why an address cannot be used and what to do, as the end of a sentence that begins with the field's name;
     * empty if it can be used.
     *
     * @param allowInsecure whether the address may be one without encryption
     */
    public Optional<String> problem(String text, boolean allowInsecure) {
        try {
            parse(text, allowInsecure);
            return Optional.empty();
        } catch (RefusedAddress e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    /**
     * Parses an address.
     *
     * @param allowInsecure whether the address may be one without encryption
     * @throws IllegalArgumentException with the end of a sentence that begins with the field's name
     */
    public RemoteAddress parse(String text, boolean allowInsecure) {
        String given = text.strip();
        if (given.length() > MAX_LENGTH) {
            throw new RefusedAddress("is longer than " + MAX_LENGTH + " characters; " + shouldLookLike());
        }
        RemoteAddress address = parse(given);
        if (!address.protocol().isSecure() && !allowInsecure) {
            throw new RefusedAddress("uses " + address.protocol()
                    + ", which is neither encrypted nor authenticated; use https, or allow "
                    + "addresses without encryption (allowInsecure: true) if this is meant.");
        }
        return address;
    }

    /**
     * Returns the address of a web page to which pages may link, in its canonical form, with query and fragment, and
     * without quotes, as which it may stand between quotes; empty if the text is no such address.
     */
    public static Optional<String> webPage(String text) {
        int end = Stream.of(text.indexOf('?'), text.indexOf('#'))
                .filter(at -> at >= 0)
                .min(Integer::compare)
                .orElse(text.length());
        String query = text.substring(end);
        if (text.length() > MAX_LENGTH || !QUERY.matcher(query).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of((WEB_PAGE.parse(text.substring(0, end)) + query).replace("'", "%27"));
        } catch (RefusedAddress e) {
            return Optional.empty();
        }
    }

    private RemoteAddress parse(String given) {
        Matcher bareFile = BARE_FILE.matcher(given);
        if (protocols.contains(Protocol.FILE) && bareFile.matches()) {
            return folder(bareFile.group(1));
        }
        Matcher url = URL.matcher(given);
        Matcher shortForm = SHORT_FORM.matcher(given);
        if (url.matches()) {
            Protocol protocol = protocols.stream()
                    .filter(each -> each.toString().equals(url.group(1).toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(this::otherScheme);
            return url(protocol, url.group(2), url.group(3), url.group(4) != null);
        }
        if (protocols.contains(Protocol.SSH)
                && shortForm.matches()
                && (shortForm.group(1) != null || shortForm.group(2).contains("."))) {
            return shortForm(Optional.ofNullable(shortForm.group(1)), shortForm.group(2), shortForm.group(3));
        }
        throw otherScheme();
    }

    private RemoteAddress url(Protocol protocol, String authority, String path, boolean hasQuery) {
        Matcher parts = AUTHORITY.matcher(authority);
        String user = authority.contains("@") ? authority.substring(0, authority.lastIndexOf('@')) : null;
        if (user != null && (protocol != Protocol.SSH || user.contains(":"))) {
            throw new RefusedAddress("contains a user or password; " + insteadOfSecret);
        }
        if (hasQuery) {
            throw new RefusedAddress("has a '?' or '#'; give the address alone, such as " + example + ".");
        }
        if (protocol == Protocol.FILE) {
            if (!authority.isEmpty()) {
                throw new RefusedAddress("names a host; a folder of this controller is file:///srv/cfg-app.git.");
            }
            return folder(path);
        }
        if (!parts.matches() || parts.group(2).isEmpty()) {
            throw authority.isEmpty() ? new RefusedAddress("names no host.") : malformed();
        }
        String host = host(protocol, parts.group(2));
        OptionalInt port = port(parts.group(3));
        requirePath(path);
        if (!hasPath && !path.matches("/*")) {
            throw new RefusedAddress("has more than host and port; what follows them belongs into the image's name.");
        }
        return new RemoteAddress(protocol, user(user), host, port, path, false);
    }

    private RemoteAddress folder(String path) {
        requirePath(path);
        if (path.length() < 2 || path.startsWith("//")) {
            throw malformed();
        }
        return new RemoteAddress(Protocol.FILE, Optional.empty(), "", OptionalInt.empty(), path, false);
    }

    private RemoteAddress shortForm(Optional<String> user, String host, String path) {
        // No decoding of percent signs is defined for this form, and a colon may be read as another separator.
        if (path.startsWith("-") || path.startsWith("//") || path.contains("%") || path.contains(":")) {
            throw malformed();
        }
        requirePath(path);
        return new RemoteAddress(
                Protocol.SSH, user(user.orElse(null)), host(Protocol.SSH, host), OptionalInt.empty(), path, true);
    }

    private Optional<String> user(@Nullable String user) {
        if (user != null && !USER.matcher(user).matches()) {
            throw malformed();
        }
        return Optional.ofNullable(user);
    }

    private String host(Protocol protocol, String host) {
        boolean known = IPV6.matcher(host).matches()
                || host.length() <= MAX_HOST
                        && HOST.matcher(host).matches()
                        && (!NUMBER.matcher(host).matches()
                                || IPV4.matcher(host).matches());
        if (!known) {
            throw host.chars().allMatch(c -> c < 128)
                    ? malformed()
                    : new RefusedAddress("names a host with letters that are not ASCII; write it as xn--...");
        }
        try {
            // java.net.URI checks the forms of IP addresses. Java opens no address whose host it finds malformed.
            if (new URI("https://" + host).getHost() == null && (protocol != Protocol.SSH || !host.contains("_"))) {
                throw malformed();
            }
        } catch (URISyntaxException e) {
            throw malformed();
        }
        return host.toLowerCase(Locale.ROOT);
    }

    private OptionalInt port(@Nullable String digits) {
        if (digits == null) {
            return OptionalInt.empty();
        }
        int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > MAX_PORT) {
            throw new RefusedAddress("names no port: write one from 1 to " + MAX_PORT + ".");
        }
        return OptionalInt.of(port);
    }

    private void requirePath(String path) {
        if (!PATH.matcher(path).matches()) {
            throw malformed();
        }
        String decoded;
        try {
            decoded = decode(path);
        } catch (CharacterCodingException e) {
            throw malformed();
        }
        long slashes = path.chars().filter(c -> c == '/').count();
        if (HIDDEN.matcher(decoded).find()
                || DOT_SEGMENT.matcher(decoded).matches()
                || decoded.chars().filter(c -> c == '/').count() != slashes) {
            throw malformed();
        }
    }

    /** Returns the path without its percent signs, which have been checked. */
    private static String decode(String path) throws CharacterCodingException {
        byte[] bytes = new byte[path.length()];
        int length = 0;
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) == '%') {
                bytes[length++] = (byte) Integer.parseInt(path.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                bytes[length++] = (byte) path.charAt(i);
            }
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, 0, length))
                .toString();
    }

    private RefusedAddress otherScheme() {
        return new RefusedAddress("has to begin with "
                + protocols.stream()
                        .filter(Protocol::isSecure)
                        .sorted()
                        .map(protocol -> protocol + "://")
                        .collect(Collectors.joining(" or "))
                + ".");
    }

    private RefusedAddress malformed() {
        return new RefusedAddress("is not a valid address; " + shouldLookLike());
    }

    private String shouldLookLike() {
        return "it should look like " + example + ".";
    }
}
