package sandbox.demo;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Has Argo CD refresh every application when main was pushed, as a webhook of a git server does. */
final class RefreshHints {

    private final String url;
    private final String token;
    private final List<String> names;
    private final HttpClient client = HttpClient.newHttpClient();

    RefreshHints(String url, String token, List<String> names) {
        this.url = url;
        this.token = token;
        this.names = names;
    }

    void pushed(ConfigRepoCi.Tip tip) {
        if (!tip.branch().equals(DemoRepositories.MAIN)) {
            return;
        }
        for (String name : names) {
            URI refresh = URI.create(url + "/api/v1/applications/" + name + "?refresh=normal");
            client.sendAsync(
                    HttpRequest.newBuilder(refresh)
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }
    }
}
