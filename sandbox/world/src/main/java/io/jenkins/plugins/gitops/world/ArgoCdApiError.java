package io.jenkins.plugins.gitops.world;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An error of Argo CD's API: a gRPC code, which its gateway translates into an HTTP status. */
final class ArgoCdApiError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The codes that occur here, as {@code runtime/errors.go} of grpc-gateway maps them. */
    enum Code {
        UNKNOWN(2, 500, "Internal Server Error"),
        INVALID_ARGUMENT(3, 400, "Bad Request"),
        NOT_FOUND(5, 404, "Not Found"),
        PERMISSION_DENIED(7, 403, "Forbidden"),
        RESOURCE_EXHAUSTED(8, 429, "Too Many Requests"),
        FAILED_PRECONDITION(9, 400, "Bad Request"),
        UNIMPLEMENTED(12, 501, "Not Implemented"),
        UNAVAILABLE(14, 503, "Service Unavailable"),
        UNAUTHENTICATED(16, 401, "Unauthorized");

        final int number;
        final int status;
        final String words;

        Code(int number, int status, String words) {
            this.number = number;
            this.status = status;
            this.words = words;
        }

        static Code ofStatus(int status) {
            for (Code code : values()) {
                if (code.status == status) {
                    return code;
                }
            }
            return UNKNOWN;
        }
    }

    final Code code;

    ArgoCdApiError(Code code, String message) {
        super(message);
        this.code = code;
    }

    /** The body of the error response. */
    ObjectNode body() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error", getMessage())
                .put("code", code.number)
                .put("message", getMessage());
    }

    /** The last message of a stream that fails. */
    ObjectNode chunk() {
        ObjectNode chunk = JsonNodeFactory.instance.objectNode();
        chunk.putObject("error")
                .put("grpc_code", code.number)
                .put("http_code", code.status)
                .put("message", getMessage())
                .put("http_status", code.words);
        return chunk;
    }
}
