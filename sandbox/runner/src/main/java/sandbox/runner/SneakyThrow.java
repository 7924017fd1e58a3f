package sandbox.runner;

/** Throws checked exceptions from methods that Groovy calls, which declare none. */
final class SneakyThrow {
    private SneakyThrow() {}

    @SuppressWarnings("unchecked")
    static <E extends Throwable> RuntimeException sneakyThrow(Throwable e) throws E {
        throw (E) e;
    }
}
