package hudson.model;

import sandbox.RealController;

public class Executor {
    private Executor() {}

    public void interrupt(Result result) {
        throw RealController.needed();
    }
}
