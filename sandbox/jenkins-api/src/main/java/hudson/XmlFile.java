package hudson;

import com.thoughtworks.xstream.XStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import jenkins.model.Jenkins;

/** Implemented: one object in one file, which a write replaces atomically. */
public final class XmlFile {
    private final XStream xstream;
    private final File file;

    public XmlFile(File file) {
        this(Jenkins.XSTREAM2, file);
    }

    public XmlFile(XStream xs, File file) {
        this.xstream = xs;
        this.file = file;
    }

    public Object unmarshal(Object o) throws IOException {
        try {
            return xstream.fromXML(file, o);
        } catch (RuntimeException e) {
            throw new IOException("Unable to read " + file, e);
        }
    }

    public void write(Object o) throws IOException {
        mkdirs();
        Path fresh = Files.createTempFile(file.getParentFile().toPath(), file.getName(), ".tmp");
        String xml = "<?xml version='1.1' encoding='UTF-8'?>\n" + xstream.toXML(o) + "\n";
        Files.writeString(fresh, xml, StandardCharsets.UTF_8);
        Files.move(fresh, file.toPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public boolean exists() {
        return file.exists();
    }

    public void mkdirs() throws IOException {
        Files.createDirectories(file.getParentFile().toPath());
    }
}
