package sandbox.demo;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The output of a running build. */
final class BuildOutput extends OutputStream {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ChangeSignal news;

    BuildOutput(ChangeSignal news) {
        this.news = news;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] more, int offset, int length) {
        bytes.write(more, offset, length);
        news.tell();
    }

    String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
