package hudson;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import sandbox.RealController;

public final class ProxyConfiguration {
    private ProxyConfiguration() {}

    public static HttpClient newHttpClient() {
        throw RealController.needed();
    }

    public static HttpClient.Builder newHttpClientBuilder() {
        throw RealController.needed();
    }

    public static HttpRequest.Builder newHttpRequestBuilder(URI uri) {
        throw RealController.needed();
    }
}
