package hudson.util;

import org.kohsuke.stapler.HttpResponses.HttpResponseException;
import sandbox.RealController;

public class FormApply {
    public static HttpResponseException success(final String destination) {
        throw RealController.needed();
    }
}
