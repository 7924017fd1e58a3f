package sandbox.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/** The heap of this process, in MiB: what is kept in it, or the most that was in use at once since this was made. */
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
        // The first makes things unreachable that only references of the kind for caches had held.
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGA;
    }

    /** Garbage included; the sum of what each part of the heap held at its peak, so rather too much than too little. */
    RunSpread peak() {
        return RunSpread.of(pools.stream()
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                / MEGA);
    }
}
