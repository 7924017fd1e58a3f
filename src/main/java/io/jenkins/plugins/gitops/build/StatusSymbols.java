package io.jenkins.plugins.gitops.build;

/** Symbols of Jenkins' design library that show a state. */
public final class StatusSymbols {

    public static final String DONE = "symbol-status-blue";
    static final String FAILED = "symbol-status-red";
    static final String WAITING = "symbol-hourglass";
    static final String NOTED = "symbol-information-circle";

    private StatusSymbols() {}
}
