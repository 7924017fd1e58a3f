package sandbox.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The outcome of one benchmark with one set of parameters.
 *
 * @param parameters the parameters by name, in the order of the output
 * @param unit the unit of all figures
 * @param ours the figures of the plugin
 * @param peer the figures of another approach, measured in turn with the plugin; empty if there is none
 */
record BenchResult(String name, Map<String, Integer> parameters, String unit, RunSpread ours, Optional<Peer> peer) {

    private static final MathContext SHOWN = new MathContext(4);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Another approach to the same task, and its figures. */
    record Peer(String name, RunSpread spread) {}

    BenchResult {
        parameters = new LinkedHashMap<>(parameters);
    }

    /** Creates a result without a peer. */
    BenchResult(String name, Map<String, Integer> parameters, String unit, RunSpread ours) {
        this(name, parameters, unit, ours, Optional.empty());
    }

    /** Returns this result with that of a peer. */
    BenchResult beside(String other, RunSpread spread) {
        return new BenchResult(name, parameters, unit, ours, Optional.of(new Peer(other, spread)));
    }

    /** The peer's median divided by the plugin's; above 1 the plugin is faster. */
    Optional<Double> ratio() {
        return peer.map(other -> other.spread().median() / ours.median());
    }

    /** One line of JSON, as documented in docs/operations.md. */
    String toJson() {
        ObjectNode root = MAPPER.createObjectNode().put("name", name);
        ObjectNode named = root.putObject("parameters");
        parameters.forEach(named::put);
        root.put("unit", unit);
        put(root.putObject("ours"), ours);
        peer.ifPresent(other -> put(root.putObject("peer").put("name", other.name()), other.spread()));
        ratio().ifPresent(ratio -> root.put("ratio", rounded(ratio)));
        return root.toString();
    }

    private static void put(ObjectNode node, RunSpread spread) {
        node.put("min", rounded(spread.min()))
                .put("median", rounded(spread.median()))
                .put("max", rounded(spread.max()));
    }

    /** The result as a line of a text table. */
    String toText() {
        String what = name + " "
                + parameters.entrySet().stream()
                        .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                        .collect(Collectors.joining(" "));
        return String.format(
                        "%-38s %-26s %-42s %s",
                        what,
                        shown(ours) + " " + unit,
                        peer.map(other -> other.name() + " " + shown(other.spread()) + " " + unit)
                                .orElse(""),
                        ratio().map(ratio -> rounded(ratio).toPlainString() + "x")
                                .orElse(""))
                .stripTrailing();
    }

    private static String shown(RunSpread spread) {
        return rounded(spread.median()).toPlainString() + " ("
                + rounded(spread.min()).toPlainString() + "-"
                + rounded(spread.max()).toPlainString() + ")";
    }

    private static BigDecimal rounded(double value) {
        BigDecimal rounded = new BigDecimal(value).round(SHOWN);
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }
}
