package io.jenkins.plugins.gitops.triggers;

import io.jenkins.plugins.gitops.common.Json;
import java.util.Optional;

/**
 * A build that was started or queued for somebody.
 *
 * @param sentence what was started
 * @param url the address where it can be followed, if there is one
 */
public record StartedBuild(String sentence, Optional<String> url) {

    /** The answer to a page. */
    public String toJson() {
        var json = Json.object();
        json.put("sentence", sentence);
        url.ifPresent(address -> json.put("url", address));
        return Json.write(json);
    }
}
