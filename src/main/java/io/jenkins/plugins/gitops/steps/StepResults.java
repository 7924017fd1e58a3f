package io.jenkins.plugins.gitops.steps;

import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The values that steps return to a Jenkinsfile: serializable maps and lists of texts, numbers and truth values. */
final class StepResults {

    private StepResults() {}

    static Map<String, Object> change(SubmittedChange change) {
        Map<String, Object> result = new HashMap<>();
        result.put("id", change.id());
        result.put("sha", change.sha());
        result.put("changed", change.changed());
        result.put("superseded", change.superseded());
        return result;
    }

    /** The lines of the log that name what is merged with a change. */
    static List<String> takenAlong(SubmittedChange change) {
        List<String> lines = new ArrayList<>();
        if (!change.takesAlong().isEmpty()) {
            lines.add("The auto branch has these commits below it, which are merged before it or with it:");
            change.takesAlong().forEach(commit -> lines.add("  " + commit));
        }
        return lines;
    }

    static List<Map<String, Object>> checks(List<CheckStatus> checks) {
        return list(checks, check -> {
            Map<String, Object> result = new HashMap<>();
            result.put("context", check.context());
            result.put("state", check.state().toString());
            result.put("url", check.url().orElse(null));
            result.put("description", check.description().orElse(null));
            return result;
        });
    }

    static List<Map<String, Object>> targets(List<TargetState> targets) {
        return list(targets, target -> {
            Map<String, Object> result = new HashMap<>();
            result.put("name", target.name());
            result.put("namespace", target.id().namespace());
            result.put("server", target.server());
            result.put("state", target.state().toString());
            result.put("sync", target.sync().orElse(""));
            result.put("health", target.health().orElse(""));
            result.put("revision", target.revision().orElse(null));
            result.put("reason", target.reason());
            return result;
        });
    }

    static List<Map<String, Object>> conditions(List<PromotionCondition> conditions) {
        return list(conditions, condition -> {
            Map<String, Object> result = new HashMap<>();
            result.put("name", condition.name());
            result.put("met", condition.met());
            result.put("asked", condition.asked());
            result.put("seen", condition.seen());
            result.put("nextLook", condition.nextLook() == null ? null : String.valueOf(condition.nextLook()));
            return result;
        });
    }

    private static <T> List<Map<String, Object>> list(List<T> values, Function<T, Map<String, Object>> toMap) {
        List<Map<String, Object>> results = new ArrayList<>();
        values.forEach(value -> results.add(toMap.apply(value)));
        return results;
    }
}
