package com.cloudbees.plugins.credentials.domains;

import java.util.List;

/** Implemented: credentials of the sandbox have no domains, so the list of requirements is empty. */
public class URIRequirementBuilder {
    private URIRequirementBuilder() {}

    public static URIRequirementBuilder fromUri(String uri) {
        return new URIRequirementBuilder();
    }

    public List<DomainRequirement> build() {
        return List.of();
    }
}
