package io.jenkins.plugins.gitops.git;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.StoredConfig;

/** The file {@code config} of a clone, which only this plugin writes. */
final class CloneConfig {

    private static final String REMOTE = "remote";
    private static final String ORIGIN = "origin";
    private static final String URL = "url";

    private static final List<Setting> SETTINGS = List.of(
            new Setting("core", "repositoryformatversion", "0"),
            new Setting("core", "bare", "true"),
            new Setting("core", "compression", "1"),
            // See RemoteRepository.connect.
            new Setting("pack", "buildBitmaps", "false"),
            new Setting("pack", "threads", "1"),
            // A round takes less than an hour, so that gc deletes no object that the round is going to push.
            new Setting("gc", "pruneExpire", "1.hour.ago"));

    private record Setting(String section, String name, String value) {}

    private CloneConfig() {}

    /** The URL of the repository whose clone it is; empty in a new clone. */
    static Optional<String> url(Config config) {
        return Optional.ofNullable(config.getString(REMOTE, ORIGIN, URL));
    }

    /** Writes all settings, if one differs. */
    static void write(StoredConfig config, String url) throws IOException {
        if (isIntact(config, url)) {
            return;
        }
        for (Setting setting : SETTINGS) {
            config.setString(setting.section(), null, setting.name(), setting.value());
        }
        config.setString(REMOTE, ORIGIN, URL, url);
        config.save();
    }

    /** Whether all settings are as they were written. */
    static boolean isIntact(Config config, String url) {
        return url(config).filter(url::equals).isPresent()
                && SETTINGS.stream()
                        .allMatch(setting ->
                                setting.value().equals(config.getString(setting.section(), null, setting.name())));
    }
}
