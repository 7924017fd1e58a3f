package io.jenkins.plugins.gitops.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.waves.WavePath;

/**
 * Events as CloudEvents in structured mode. Where CDEvents has a type for what happened, the event is one of CDEvents,
 * with all that this plugin knows as its custom data.
 */
final class CloudEventJson {

    static final String CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";

    private static final String OWN_TYPES = "io.jenkins.plugins.gitops-waves.";
    private static final String CDEVENTS = "0.5.1";

    private CloudEventJson() {}

    /** The type in CloudEvents. */
    static String type(WaveEvent event) {
        return switch (event.type()) {
            case MERGED -> "dev.cdevents.change.merged.0.3.0";
            case DEPLOYED ->
                event.fact("operation").filter("rollback"::equals).isPresent()
                        ? "dev.cdevents.service.rolledback.0.3.0"
                        : event.fact("before").isPresent()
                                ? "dev.cdevents.service.upgraded.0.3.0"
                                : "dev.cdevents.service.deployed.0.3.0";
            case HELD, RELEASED -> "dev.cdevents.environment.modified.0.3.0";
            default -> OWN_TYPES + event.type();
        };
    }

    /** The JSON of an event; equal for equal events. */
    static String of(WaveEvent event) {
        String type = type(event);
        String source = "/gitops-waves/" + event.repository();
        ObjectNode root = Json.object();
        root.put("specversion", "1.0");
        root.put("id", event.id());
        root.put("source", source);
        root.put("type", type);
        root.put("time", event.at().toString());
        event.fact("change")
                .or(() -> event.path().map(WavePath::toString))
                .ifPresent(subject -> root.put("subject", subject));
        root.put("datacontenttype", "application/json");
        ObjectNode facts = facts(event);
        if (type.startsWith(OWN_TYPES)) {
            root.set("data", facts);
        } else {
            ObjectNode data = root.putObject("data");
            ObjectNode context = data.putObject("context");
            context.put("specversion", CDEVENTS);
            context.put("id", event.id());
            context.put("source", source);
            context.put("type", type);
            context.put("timestamp", event.at().toString());
            subject(event, data.putObject("subject"), source);
            data.set("customData", facts);
            data.put("customDataContentType", "application/json");
        }
        return Json.write(root);
    }

    private static void subject(WaveEvent event, ObjectNode subject, String source) {
        String wave = event.path().map(WavePath::wave).orElse("");
        subject.put("source", source);
        ObjectNode content;
        switch (event.type()) {
            case MERGED -> {
                subject.put("id", event.fact("change").orElse(event.id()));
                content = subject.putObject("content");
                content.putObject("repository").put("id", event.repository());
            }
            case DEPLOYED -> {
                // One set is one unit: a service, to CDEvents.
                String set = event.path().flatMap(WavePath::set).orElse(event.repository());
                subject.put("id", set);
                content = subject.putObject("content");
                content.putObject("environment").put("id", wave).put("source", source);
                content.put(
                        "artifactId",
                        "pkg:generic/" + set + "@" + event.fact("identity").orElse(""));
            }
            default -> {
                subject.put("id", wave);
                content = subject.putObject("content");
                content.put("name", wave);
            }
        }
    }

    private static ObjectNode facts(WaveEvent event) {
        ObjectNode facts = Json.object();
        facts.put("event", event.type().toString());
        facts.put("repository", event.repository());
        event.path().ifPresent(path -> {
            facts.put("wave", path.wave());
            path.set().ifPresent(set -> facts.put("set", set));
        });
        event.facts().forEach(facts::put);
        event.controller().ifPresent(controller -> facts.put("controller", controller));
        return facts;
    }
}
