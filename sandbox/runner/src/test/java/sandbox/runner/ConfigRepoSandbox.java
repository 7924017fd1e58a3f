package sandbox.runner;

import java.nio.file.Path;
import java.util.Map;

/** Sandboxes with one config repository, {@code cfg-app}, whose generated files are those in {@code generated}. */
final class ConfigRepoSandbox {

    private ConfigRepoSandbox() {}

    /**
     * Opens one.
     *
     * @param folder of the sandbox's home, which is made or opened again
     * @param bare the repository on its server
     * @param fields further fields of the repository, as in YAML
     */
    static Sandbox open(Path folder, Path bare, String... fields) {
        String yaml = """
                unclassified:
                  gitopsWaves:
                    repositories:
                      - name: cfg-app
                        url: %s
                        allowInsecure: true
                        allJobs: true
                        mainBranch: main
                        generatedPaths: ["generated/**"]
                        checks: [{reported: {}}]
                        requiredChecks: [ci/check]
                        waves: [{name: staging}]
                """.formatted(bare.toUri());
        for (String field : fields) {
            yaml += " ".repeat(8) + field + "\n";
        }
        return Sandbox.open(folder.resolve("home"), yaml, Map.of());
    }
}
