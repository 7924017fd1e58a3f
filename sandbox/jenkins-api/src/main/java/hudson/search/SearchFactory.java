package hudson.search;

import hudson.ExtensionPoint;

public abstract class SearchFactory implements ExtensionPoint {
    public abstract Search createFor(SearchableModelObject owner);
}
