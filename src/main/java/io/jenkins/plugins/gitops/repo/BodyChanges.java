package io.jenkins.plugins.gitops.repo;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;

/**
 * What the body of a step changed in the tree it was given. Made by {@link ConfigTree#checked}, which lets nothing
 * through that a commit must not have.
 *
 * @param base the commit whose tree that was
 * @param files by path; nothing for a file that is gone
 */
public record BodyChanges(ObjectId base, SortedMap<String, Optional<File>> files) {

    /** A new or changed file; the content of a link is its target. */
    public record File(FileState.Kind kind, byte[] content) {}

    public BodyChanges {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** Writes them so that {@link #read} finds them again. */
    public void write(DataOutputStream out) throws IOException {
        out.writeUTF(base.name());
        out.writeInt(files.size());
        for (Map.Entry<String, Optional<File>> file : files.entrySet()) {
            out.writeUTF(file.getKey());
            out.writeUTF(file.getValue().map(known -> known.kind().name()).orElse(""));
            byte[] content = file.getValue().map(File::content).orElse(new byte[0]);
            out.writeInt(content.length);
            out.write(content);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static BodyChanges read(DataInputStream in) throws IOException {
        ObjectId base = ObjectId.fromString(in.readUTF());
        int count = in.readInt();
        var files = new TreeMap<String, Optional<File>>();
        for (int i = 0; i < count; i++) {
            String path = in.readUTF();
            String kind = in.readUTF();
            byte[] content = in.readNBytes(in.readInt());
            files.put(
                    path,
                    kind.isEmpty() ? Optional.empty() : Optional.of(new File(FileState.Kind.valueOf(kind), content)));
        }
        return new BodyChanges(base, files);
    }
}
