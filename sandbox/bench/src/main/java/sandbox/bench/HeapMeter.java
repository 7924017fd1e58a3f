package sandbox.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/**
 * Measures the heap of this process in MiB: the memory in use after a garbage collection, or the peak since the meter
 * was created.
 */
final class HeapMeter {

    private static final double MEGA = 1 << 20;

    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();

    HeapMeter() {
        pools.forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /** Returns the memory in use after a garbage collection. */
    static double kept() {
        // The first collection clears references of caches; the second frees what only these had held.
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGA;
    }

    /**
     * The peak, including garbage: the sum of the peaks of the memory pools, which may be higher than the real peak.
     */
    RunSpread peak() {
        return RunSpread.of(
                pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / MEGA);
    }
}
