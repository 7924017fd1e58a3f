package io.jenkins.plugins.gitops.webhooks;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Takes the JSON out of a body that a form would send, {@code payload=%7B%22sha%22...}, piece by piece as it is read:
 * Gitea and Forgejo sign the JSON, and not the form in which it is sent.
 */
final class FormPayload implements RequestBodyReader.Receiver {

    private static final String TYPE = "application/x-www-form-urlencoded";
    private static final byte[] FIELD = "payload=".getBytes(StandardCharsets.US_ASCII);

    private final RequestBodyReader.Receiver json;

    /** The number of bytes of the body that were seen, up to the end of the field's name. */
    private int named;

    /** Whether the value of the field is over, or the body has another field. */
    private boolean over;

    /** The number of digits of an escaped byte that are still to come, and the value of the first one. */
    private int digits;

    private int escaped;

    /** Creates a receiver of a form. */
    FormPayload(RequestBodyReader.Receiver json) {
        this.json = json;
    }

    /** Returns whether a request says that its body is a form. */
    static boolean isForm(WebRequest request) {
        String type = request.header("Content-Type");
        return type != null && type.strip().toLowerCase(Locale.ROOT).startsWith(TYPE);
    }

    @Override
    public void receive(byte[] buffer, int length) {
        var decoded = new byte[length];
        int count = 0;
        for (int i = 0; i < length && !over; i++) {
            byte next = buffer[i];
            if (named < FIELD.length) {
                over = next != FIELD[named++];
            } else if (digits > 0) {
                escaped = escaped * 16 + Math.max(0, Character.digit(next, 16));
                if (--digits == 0) {
                    decoded[count++] = (byte) escaped;
                }
            } else if (next == '%') {
                digits = 2;
                escaped = 0;
            } else if (next == '&') {
                over = true;
            } else {
                decoded[count++] = next == '+' ? (byte) ' ' : next;
            }
        }
        json.receive(decoded, count);
    }
}
