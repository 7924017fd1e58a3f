package io.jenkins.plugins.casc.model;

public final class Source {
    private Source() {}
}
