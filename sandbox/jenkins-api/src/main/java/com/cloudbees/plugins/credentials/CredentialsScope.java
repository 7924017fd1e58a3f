package com.cloudbees.plugins.credentials;

/** Living. */
public enum CredentialsScope {
    SYSTEM,
    GLOBAL,
    USER
}
