package io.jenkins.plugins.gitops.ci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps the latest word of each check and app: that of the highest run, as forges number them. */
final class LatestResults {

    private record Key(String context, long app) {}

    private LatestResults() {}

    static List<CheckResult> of(List<CheckResult> all) {
        Map<Key, CheckResult> latest = new LinkedHashMap<>();
        for (CheckResult said : all) {
            latest.merge(
                    new Key(said.status().context(), said.app()),
                    said,
                    (one, other) -> other.status().run() > one.status().run() ? other : one);
        }
        return new ArrayList<>(latest.values());
    }
}
