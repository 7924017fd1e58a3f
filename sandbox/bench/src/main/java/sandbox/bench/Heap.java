package sandbox.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/** The most heap that was in use at once since this was made, garbage included. */
final class Heap {

    private static final double MEGA = 1 << 20;

    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();

    Heap() {
        pools.forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /** In MiB; the sum of what each part of the heap held at its peak, so rather too much than too little. */
    Spread peak() {
        return Spread.of(pools.stream()
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                / MEGA);
    }
}
