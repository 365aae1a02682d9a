package io.quantadb.replication.receiver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP proxy that cuts connections after a random number of bytes, or flips a bit at that place. */
final class FaultyProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int target;
    private final Random random;
    private final int bytesMax;
    private final double corruption;
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger corrupted = new AtomicInteger();
    volatile boolean faults = true;

    /** @param bytesMax a direction fails after 1 to this many bytes */
    FaultyProxy(int target, long seed, int bytesMax, double corruption) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        this.bytesMax = bytesMax;
        this.corruption = corruption;
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(upstream);
                connections.incrementAndGet();
                pipe(client, upstream, faults ? 2_000 + random.nextInt(bytesMax) : Long.MAX_VALUE);
                pipe(upstream, client, faults ? 1 + random.nextInt(bytesMax) : Long.MAX_VALUE);
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void pipe(Socket from, Socket to, long failAt) {
        boolean corrupt = random.nextDouble() < corruption;
        Thread.ofPlatform().daemon().start(() -> {
            try (from; to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] buffer = new byte[8192];
                long total = 0;
                int count;
                while ((count = in.read(buffer)) > 0) {
                    if (total + count > failAt) {
                        int at = (int) Math.max(0, failAt - total);
                        if (!corrupt) {
                            out.write(buffer, 0, at);
                            out.flush();
                            return;
                        }
                        if (total <= failAt) {
                            buffer[Math.min(at, count - 1)] ^= 0x10;
                            corrupted.incrementAndGet();
                        }
                    }
                    total += count;
                    out.write(buffer, 0, count);
                }
            } catch (IOException e) {
                // The other direction has closed.
            }
        });
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
