package com.cloudbees.plugins.credentials;

import jenkins.model.Jenkins;

/** Implemented. */
public abstract class BaseCredentials implements Credentials {
    public BaseCredentials(CredentialsScope scope) {}

    @Override
    public CredentialsDescriptor getDescriptor() {
        return (CredentialsDescriptor) Jenkins.get().getDescriptorOrDie(getClass());
    }
}
