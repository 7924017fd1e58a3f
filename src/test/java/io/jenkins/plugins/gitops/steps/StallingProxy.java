package io.jenkins.plugins.gitops.steps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Forwards connections to a server on this machine. While it stalls, it accepts them and forwards nothing. */
final class StallingProxy implements AutoCloseable {

    private final ServerSocket listening;
    private final int target;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger held = new AtomicInteger();
    private volatile CountDownLatch flowing = new CountDownLatch(0);

    StallingProxy(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    void stall() {
        flowing = new CountDownLatch(1);
    }

    /** Whether somebody waits for an answer. */
    boolean isAwaited() {
        return flowing.getCount() > 0 && held.get() > 0;
    }

    /** Forwards again, also on the connections that were accepted meanwhile. */
    void flow() {
        flowing.countDown();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "stalling proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                open.add(client);
                start(() -> forward(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void forward(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            open.add(server);
            start(() -> copy(server, client));
            copy(client, server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[1 << 14];
        try {
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                held.incrementAndGet();
                flowing.await();
                held.decrementAndGet();
                to.getOutputStream().write(buffer, 0, read);
                to.getOutputStream().flush();
            }
            to.shutdownOutput();
        } catch (IOException | InterruptedException e) {
            // The other side has closed.
        }
    }

    @Override
    public void close() throws IOException {
        flow();
        listening.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
