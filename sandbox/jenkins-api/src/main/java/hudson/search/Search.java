package hudson.search;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import sandbox.RealController;

public class Search {
    public void doIndex(StaplerRequest2 req, StaplerResponse2 rsp) throws IOException, ServletException {
        throw RealController.needed();
    }

    public SearchResult getSuggestions(StaplerRequest2 req, String query) {
        throw RealController.needed();
    }
}
