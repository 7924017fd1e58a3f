package sandbox;

/** What declared but not living members throw. */
public final class RealController {
    private RealController() {}

    public static UnsupportedOperationException needed() {
        return new UnsupportedOperationException("needs a real controller");
    }
}
