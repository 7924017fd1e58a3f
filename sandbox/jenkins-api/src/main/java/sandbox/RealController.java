package sandbox;

/** The exception of members that are declared but not implemented. */
public final class RealController {
    private RealController() {}

    public static UnsupportedOperationException needed() {
        return new UnsupportedOperationException("needs a real controller");
    }
}
