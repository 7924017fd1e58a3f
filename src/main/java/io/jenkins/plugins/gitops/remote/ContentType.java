package io.jenkins.plugins.gitops.remote;

import java.net.http.HttpHeaders;
import java.util.Locale;
import java.util.Set;

/** What the header {@code Content-Type} of a response says (RFC 9110, 8.3). */
public final class ContentType {

    private static final Set<String> WEB_PAGES = Set.of("text/html", "application/xhtml+xml");

    private ContentType() {}

    /** Returns the media type without its parameters, in lower case; empty if there is none. */
    public static String mediaType(HttpHeaders headers) {
        String type = headers.firstValue("Content-Type").orElse("");
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }

    /** Whether the response is a web page, such as a form to log in, which no API sends, with whatever status it comes. */
    public static boolean isWebPage(HttpHeaders headers) {
        return WEB_PAGES.contains(mediaType(headers));
    }
}
