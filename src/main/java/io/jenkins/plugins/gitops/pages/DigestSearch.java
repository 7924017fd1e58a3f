package io.jenkins.plugins.gitops.pages;

import hudson.Extension;
import hudson.model.Run;
import hudson.search.Search;
import hudson.search.SearchFactory;
import hudson.search.SearchIndex;
import hudson.search.SearchItem;
import hudson.search.SearchResult;
import hudson.search.SearchableModelObject;
import hudson.search.SuggestedItem;
import io.jenkins.plugins.gitops.build.ImageFingerprints;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** Jenkins' search, extended by builds with an image of a given digest; Jenkins itself does not search fingerprints. */
@Restricted(NoExternalUse.class)
public final class DigestSearch extends Search {

    private static final Logger LOGGER = Logger.getLogger(DigestSearch.class.getName());

    /** A search result that links to a build. */
    private record FoundBuild(Run<?, ?> run) implements SearchItem {

        @Override
        public String getSearchName() {
            return run.getFullDisplayName();
        }

        @Override
        public String getSearchUrl() {
            return "/" + run.getUrl();
        }

        @Override
        public SearchIndex getSearchIndex() {
            return SearchIndex.EMPTY;
        }
    }

    @Override
    public SearchResult getSuggestions(StaplerRequest2 req, String query) {
        SearchResult found = super.getSuggestions(req, query);
        try {
            for (Run<?, ?> build : ImageFingerprints.builds(query)) {
                found.add(new SuggestedItem(new FoundBuild(build)));
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Cannot read a fingerprint", e);
        }
        return found;
    }

    @Override
    public void doIndex(StaplerRequest2 req, StaplerResponse2 rsp) throws IOException, ServletException {
        String query = req.getParameter("q");
        List<Run<?, ?>> builds = query == null ? List.of() : ImageFingerprints.builds(query);
        if (builds.isEmpty()) {
            super.doIndex(req, rsp);
        } else {
            rsp.sendRedirect2(req.getContextPath() + "/" + builds.get(0).getUrl());
        }
    }

    /** Installs this search; the search of another plugin takes precedence. */
    @Extension(ordinal = -1)
    @Restricted(NoExternalUse.class)
    public static final class Factory extends SearchFactory {

        @Override
        public Search createFor(SearchableModelObject owner) {
            return new DigestSearch();
        }
    }
}
