package io.jenkins.plugins.gitops;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a compiled class says of itself and of others (Java Virtual Machine Specification, chapter 4).
 *
 * @param name as in class files, with slashes
 * @param parents the class that it extends, and then the interfaces that it implements
 * @param declared its own methods and fields, as in {@link Reference#member}
 * @param types all types that it names, in descriptors and annotations too
 * @param references the methods and fields that it uses
 */
record ClassFile(
        String name, List<String> parents, Set<String> declared, Set<String> types, List<Reference> references) {

    /** A use of {@code name(parameters)result} or {@code name:type} by way of a type. */
    record Reference(String owner, String member) {}

    private static final Pattern TYPE = Pattern.compile("L([\\w/$]+)[;<]");

    static ClassFile read(byte[] bytes) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        in.skipNBytes(8);
        var pool = new Object[in.readUnsignedShort()];
        for (int i = 1; i < pool.length; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> pool[i] = in.readUTF();
                case 3, 4, 17, 18 -> in.skipNBytes(4);
                case 5, 6 -> {
                    in.skipNBytes(8);
                    i++;
                }
                case 7 -> pool[i] = new Type(in.readUnsignedShort());
                case 8, 16, 19, 20 -> in.skipNBytes(2);
                case 9, 10, 11 -> pool[i] = new Use(in.readUnsignedShort(), in.readUnsignedShort());
                case 12 -> pool[i] = new Named(in.readUnsignedShort(), in.readUnsignedShort());
                case 15 -> in.skipNBytes(3);
                default -> throw new IOException("Constants of the kind " + tag + " are not known.");
            }
        }
        in.skipNBytes(2);
        String name = type(pool, in.readUnsignedShort());
        var parents = new ArrayList<String>();
        parents.add(type(pool, in.readUnsignedShort()));
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            parents.add(type(pool, in.readUnsignedShort()));
        }
        var declared = new HashSet<String>();
        // The fields, and then the methods.
        for (int kind = 0; kind < 2; kind++) {
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                in.skipNBytes(2);
                declared.add(member(pool, new Named(in.readUnsignedShort(), in.readUnsignedShort())));
                for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
                    in.skipNBytes(2);
                    in.skipNBytes(in.readInt());
                }
            }
        }
        return new ClassFile(name, parents, declared, types(pool), references(pool));
    }

    private static Set<String> types(Object[] pool) {
        var types = new HashSet<String>();
        for (Object constant : pool) {
            if (constant instanceof Type type) {
                types.add((String) pool[type.name]);
            } else if (constant instanceof String text) {
                // Descriptors and signatures, and the names of arrays.
                TYPE.matcher(text).results().forEach(named -> types.add(named.group(1)));
            }
        }
        return types;
    }

    private static List<Reference> references(Object[] pool) {
        var references = new ArrayList<Reference>();
        for (Object constant : pool) {
            if (constant instanceof Use use) {
                references.add(new Reference(type(pool, use.type), member(pool, (Named) pool[use.named])));
            }
        }
        return references;
    }

    private static String type(Object[] pool, int at) {
        return (String) pool[((Type) pool[at]).name];
    }

    private static String member(Object[] pool, Named named) {
        String descriptor = (String) pool[named.descriptor];
        return pool[named.name] + (descriptor.startsWith("(") ? "" : ":") + descriptor;
    }

    private record Type(int name) {}

    private record Use(int type, int named) {}

    private record Named(int name, int descriptor) {}
}
