package io.jenkins.plugins.gitops.flux;

import io.jenkins.plugins.gitops.registry.RealTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An authority, and the certificates and keys of a server and its clients, which openssl makes once for each run. */
final class MadeCertificates {

    private static final String DAYS = "3650";
    private static Map<String, String> made = Map.of();

    private final Path folder;

    private MadeCertificates(Path folder) {
        this.folder = folder;
    }

    /** The PEM files by their names. Skips the test where there is no openssl. */
    static synchronized Map<String, String> get() {
        RealTools.require("openssl");
        if (made.isEmpty()) {
            try {
                made = make();
            } catch (Exception e) {
                throw new AssertionError("openssl makes no certificates", e);
            }
        }
        return made;
    }

    private static Map<String, String> make() throws Exception {
        Path folder = Files.createTempDirectory("certificates");
        try {
            new MadeCertificates(folder).write();
            return read(folder);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static Map<String, String> read(Path folder) throws IOException {
        var files = new TreeMap<String, String>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return files;
    }

    private void write() throws Exception {
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "ca.key");
        openssl(
                "req",
                "-x509",
                "-new",
                "-key",
                "ca.key",
                "-subj",
                "/CN=kubernetes-ca",
                "-days",
                DAYS,
                "-out",
                "ca.pem");
        // As PKCS #8, SEC 1, PKCS #8 of another kind, and PKCS #1.
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-out", "server.key");
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "client-ec.key");
        openssl("genpkey", "-algorithm", "ed25519", "-out", "client-ed25519.key");
        openssl("genrsa", "-traditional", "-out", "client-rsa.key", "2048");
        sign("server", "/CN=kube-apiserver", "serverAuth", "subjectAltName=IP:127.0.0.1,DNS:localhost");
        for (String kind : List.of("ec", "ed25519", "rsa")) {
            sign("client-" + kind, "/O=flux-readers/CN=jenkins-" + kind, "clientAuth", "");
        }
        String[] secret = {"-passout", "pass:opens it"};
        openssl("rsa", "-traditional", "-aes128", "-in", "client-rsa.key", "-out", "encrypted-pkcs1.key", secret);
        openssl("pkcs8", "-topk8", "-in", "client-ec.key", "-out", "encrypted-pkcs8.key", secret);
    }

    private void sign(String name, String subject, String use, String more) throws Exception {
        Path extensions = Files.writeString(
                folder.resolve(name + ".ext"),
                "basicConstraints=CA:FALSE\nextendedKeyUsage=" + use + "\n" + more + "\n");
        openssl("req", "-new", "-key", name + ".key", "-subj", subject, "-out", name + ".csr");
        openssl(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                DAYS,
                "-extfile",
                extensions.toString(),
                "-out",
                name + ".pem");
    }

    private void openssl(Object... arguments) throws Exception {
        var command = new ArrayList<>(List.of("openssl"));
        for (Object argument : arguments) {
            command.addAll(argument instanceof String[] several ? List.of(several) : List.of((String) argument));
        }
        RealTools.run(folder, command.toArray(String[]::new));
    }
}
