package io.jenkins.plugins.gitops.waves;

import java.time.Duration;
import java.util.Optional;

/**
 * A question to another system, whose answer decides whether a set is promoted into a wave.
 *
 * @param name names it within its wave
 * @param url is asked, with the facts of the promotion in the places that are named in braces
 * @param credentialsId of the stored secret that is sent as a bearer; empty for none
 * @param body what is posted, with such places; empty to ask by GET
 * @param pointer where the answer says it, a JSON Pointer (RFC 6901)
 * @param value what it has to say there
 * @param every how often it is asked
 */
public record GateRule(
        String name,
        String url,
        Optional<String> credentialsId,
        Optional<String> body,
        String pointer,
        String value,
        Duration every) {}
