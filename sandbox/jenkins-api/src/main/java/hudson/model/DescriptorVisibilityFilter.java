package hudson.model;

import hudson.ExtensionPoint;

public abstract class DescriptorVisibilityFilter implements ExtensionPoint {
    public abstract boolean filter(Object context, Descriptor descriptor);
}
