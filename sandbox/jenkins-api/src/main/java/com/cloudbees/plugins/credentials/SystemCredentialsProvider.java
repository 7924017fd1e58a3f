package com.cloudbees.plugins.credentials;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Saveable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Living: in memory; the sandbox reads credentials anew from its CasC file each time. */
@Extension
public class SystemCredentialsProvider extends AbstractDescribableImpl<SystemCredentialsProvider> implements Saveable {
    private final List<Credentials> credentials = new CopyOnWriteArrayList<>();

    public static SystemCredentialsProvider getInstance() {
        return ExtensionList.lookupSingleton(SystemCredentialsProvider.class);
    }

    public List<Credentials> getCredentials() {
        return credentials;
    }

    @Override
    public void save() {}
}
