package com.cloudbees.plugins.credentials;

/** Implemented. */
public enum CredentialsScope {
    SYSTEM,
    GLOBAL,
    USER
}
