package jenkins.metrics.api;

import com.codahale.metrics.MetricRegistry;

/** Implemented: one registry. */
public class Metrics {
    private static final MetricRegistry REGISTRY = new MetricRegistry();

    public static MetricRegistry metricRegistry() {
        return REGISTRY;
    }
}
