package io.jenkins.plugins.gitops.waves;

import io.jenkins.plugins.gitops.common.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A question that is asked for one set.
 *
 * @param rule how it is asked
 * @param facts of the promotion, by the names that the templates of the rule know
 */
public record GateQuestion(GateRule rule, Map<String, String> facts) {

    public GateQuestion {
        facts = Map.copyOf(facts);
    }

    /**
     * The question whether a set may go to a wave.
     *
     * @param repository the name of the config repository
     * @param sha the config commit that has the set
     */
    public static GateQuestion of(GateRule rule, String repository, WavePath to, String sha, String identity) {
        var facts = new TreeMap<String, String>();
        facts.put("repo", repository);
        facts.put("wave", to.wave());
        facts.put("set", to.set().orElse(""));
        facts.put("revision", sha);
        facts.put("identity", identity);
        return new GateQuestion(rule, facts);
    }

    /** The address that is asked. */
    public String url() {
        return filled(rule.url(), fact -> URLEncoder.encode(fact, StandardCharsets.UTF_8));
    }

    /** The body that is posted there; empty to ask by GET. */
    public Optional<String> body() {
        return rule.body().map(template -> filled(template, GateQuestion::inString));
    }

    /** A text as it stands between the quotes of a string of JSON. */
    private static String inString(String text) {
        String quoted = Json.writeLine(Json.object().put("t", text).path("t"));
        return quoted.substring(1, quoted.length() - 1);
    }

    private String filled(String template, UnaryOperator<String> escaping) {
        String text = template;
        for (Map.Entry<String, String> fact : facts.entrySet()) {
            text = text.replace("{" + fact.getKey() + "}", escaping.apply(fact.getValue()));
        }
        return text;
    }
}
