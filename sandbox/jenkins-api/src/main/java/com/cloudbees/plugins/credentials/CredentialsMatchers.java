package com.cloudbees.plugins.credentials;

import sandbox.RealController;

public class CredentialsMatchers {
    private CredentialsMatchers() {}

    public static CredentialsMatcher always() {
        throw RealController.needed();
    }
}
