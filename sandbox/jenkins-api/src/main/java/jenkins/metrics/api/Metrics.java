package jenkins.metrics.api;

import com.codahale.metrics.MetricRegistry;
import edu.umd.cs.findbugs.annotations.NonNull;

/** Living: one registry. */
public class Metrics {
    private static final MetricRegistry REGISTRY = new MetricRegistry();

    @NonNull
    public static MetricRegistry metricRegistry() {
        return REGISTRY;
    }
}
