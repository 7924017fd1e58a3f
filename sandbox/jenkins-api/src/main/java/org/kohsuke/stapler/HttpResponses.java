package org.kohsuke.stapler;

public abstract class HttpResponses {
    public abstract static class HttpResponseException extends RuntimeException implements HttpResponse {}
}
