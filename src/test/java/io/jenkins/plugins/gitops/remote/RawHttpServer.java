package io.jenkins.plugins.gitops.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server on a plain socket that answers each request with whatever bytes a test gives it. */
public final class RawHttpServer implements AutoCloseable {

    private final ServerSocket socket;
    private final Function<Request, String> answers;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /**
     * A request.
     *
     * @param headers by name in lower case
     */
    public record Request(String line, Map<String, String> headers) {
        public String authorization() {
            return headers.getOrDefault("authorization", "");
        }
    }

    public RawHttpServer(Function<Request, String> answers) {
        this.answers = answers;
        try {
            this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var thread = new Thread(this::accept, "repeating-server");
        thread.setDaemon(true);
        thread.start();
    }

    public String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    public List<Request> requests() {
        return requests;
    }

    /** A whole response. */
    public static String response(String status, String headers, String body) {
        return "HTTP/1.1 " + status + "\r\n" + headers + "Connection: close\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    /** The ways in which a server may repeat a secret, each with a text around it that is no secret. */
    public static List<String> forms(String user, String secret) {
        var forms = new ArrayList<String>();
        forms.add("as it is " + secret);
        forms.add("upper case " + secret.toUpperCase(java.util.Locale.ROOT));
        for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            forms.add("basic " + encoder.encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8)));
            forms.add("other basic " + encoder.encodeToString(("x:" + secret).getBytes(StandardCharsets.UTF_8)));
            forms.add("within "
                    + encoder.encodeToString(("{\"k\":\"" + secret + "\"}").getBytes(StandardCharsets.UTF_8)));
            forms.add("alone " + encoder.encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
        }
        String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        forms.add("form " + form);
        forms.add("lower form " + form.toLowerCase(java.util.Locale.ROOT));
        forms.add("path " + form.replace("+", "%20"));
        forms.add("twice " + URLEncoder.encode(form, StandardCharsets.UTF_8));
        var percent = new StringBuilder("percent ");
        var unicode = new StringBuilder("unicode ");
        var html = new StringBuilder("html ");
        for (byte each : secret.getBytes(StandardCharsets.UTF_8)) {
            percent.append(String.format("%%%02x", each & 0xff));
        }
        for (char each : secret.toCharArray()) {
            unicode.append(String.format("\\u%04x", (int) each));
            html.append("&#").append((int) each).append(';');
        }
        forms.add(percent.toString());
        forms.add(unicode.toString());
        forms.add(html.toString());
        forms.add("json " + secret.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/"));
        forms.add("named " + secret.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;"));
        forms.add("userinfo https://" + user + ":" + secret + "@git.example.com/");
        return forms;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                answer(client);
            } catch (IOException e) {
                // The client has gone, or the server was closed.
            }
        }
    }

    private void answer(Socket client) throws IOException {
        client.setSoTimeout(5000);
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        String line = in.readLine();
        if (line == null) {
            return;
        }
        var headers = new TreeMap<String, String>();
        for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
            String[] parts = header.split(":", 2);
            headers.put(parts[0].toLowerCase(java.util.Locale.ROOT), parts[1].strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        for (int i = 0; i < length; i++) {
            in.read();
        }
        var request = new Request(line, headers);
        requests.add(request);
        client.getOutputStream().write(answers.apply(request).getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
