package io.jenkins.plugins.gitops.world;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Configuration as Code for the repository cfg-app of a {@link GitHttpServer}: all jobs may use it, and the check
 * ci/check is reported to the controller.
 */
public final class CascFile {
    private static final String INDENT = "\n        ";

    private CascFile() {}

    /**
     * Returns the text of the file.
     *
     * @param url the repository; its user is bot with the password git-password
     * @param endpoints the endpoints with secrets, as the settings {@code imagesSecretId} and so on name them; the
     *     secret of {@code images} is {@code for-images}
     * @param settings more settings of the repository, each in one line
     */
    public static String of(String url, List<String> endpoints, String... settings) {
        String secrets = endpoints.stream()
                .map(name -> "          - string: {scope: GLOBAL, id: " + name + ", secret: for-" + name + "}\n")
                .collect(Collectors.joining());
        String lines = Stream.concat(endpoints.stream().map(name -> name + "SecretId: " + name), Stream.of(settings))
                .map(setting -> INDENT + setting)
                .collect(Collectors.joining());
        return """
                credentials:
                  system:
                    domainCredentials:
                      - credentials:
                          - usernamePassword: {scope: GLOBAL, id: git, username: bot, password: git-password}
                """ + secrets + """
                unclassified:
                  gitopsWaves:
                    repositories:
                      - name: cfg-app
                        url: URL
                        allowInsecure: true
                        allJobs: true
                        credentialsId: git
                        mainBranch: main
                        checks: [{reported: {}}]
                        requiredChecks: [ci/check]""".replace("URL", url) + lines + "\n";
    }
}
