package io.jenkins.plugins.gitops.remote;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The address of another system, as {@link AddressForm} has parsed it. It contains no secret and may be shown to all
 * users.
 *
 * @param user the user of an ssh address; empty for all others
 * @param host in lower case; an IPv6 address is in brackets; empty for a folder
 * @param port empty for the default port of the protocol
 * @param path percent-encoded, and empty or with a slash at its beginning, unless the address has the short form
 * @param shortForm whether it is written as git's short form for ssh, {@code user@host:path}, whose path begins at the
 *     home of the user
 */
public record RemoteAddress(
        Protocol protocol, Optional<String> user, String host, OptionalInt port, String path, boolean shortForm) {

    /** The protocol by which a system is reached. */
    public enum Protocol {
        HTTPS,
        SSH,
        HTTP,
        FILE;

        /** Whether the connection is encrypted and the server is authenticated. */
        public boolean isSecure() {
            return this == HTTPS || this == SSH;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns a text percent-encoded, as one segment of a path or as a value of a query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Returns protocol, host and port, which all requests of one client have in common. */
    public String origin() {
        return protocol + "://" + host + (port.isPresent() ? ":" + port.getAsInt() : "");
    }

    /** Returns the address in its canonical form. */
    @Override
    public String toString() {
        String login = user.map(name -> name + "@").orElse("");
        return shortForm ? login + host + ":" + path : origin().replace("://", "://" + login) + path;
    }
}
