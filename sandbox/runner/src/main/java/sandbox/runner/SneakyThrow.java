package sandbox.runner;

/** Lets checked exceptions through Groovy's entry points, which declare none. */
final class SneakyThrow {
    private SneakyThrow() {}

    @SuppressWarnings("unchecked")
    static <E extends Throwable> RuntimeException thrown(Throwable e) throws E {
        throw (E) e;
    }
}
