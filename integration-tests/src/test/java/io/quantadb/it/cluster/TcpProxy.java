package io.quantadb.it.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Listens in place of a server and passes bytes on, through the {@link Flow} of each direction. A connection whose
 * target does not listen is closed, so a dead server looks dead.
 *
 * <p>Differs from a cut cable: connections are accepted while a flow is held, and hang then. Two virtual threads a
 * direction.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int CHUNK_BYTES = 32 << 10;
    private static final int CHUNKS_UNDER_WAY_MAX = 128;
    private static final int CONNECT_MILLIS = 2_000;
    private static final byte[] END = new byte[0];

    /** Both directions of one connection. */
    public record Route(Flow toTarget, Flow fromTarget) {
    }

    private record Chunk(byte[] bytes, long dueNanos) {
    }

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final Function<Socket, Route> routes;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<Socket, Life> lives = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param routes tells, by the accepted connection, who has called */
    public TcpProxy(InetSocketAddress listen, InetSocketAddress target, Function<Socket, Route> routes) {
        this.target = target;
        this.routes = routes;
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(listen, 200);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + listen, e);
        }
        Thread.ofPlatform().daemon().name("proxy " + listen).start(this::accept);
        Thread.ofPlatform().daemon().name("breaker " + listen).start(this::breakConnections);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public InetAddress address() {
        return listener.getInetAddress();
    }

    /** By socket, what its connection began with. */
    private record Life(Route route, int breaks, Socket other) {
        boolean over() {
            return route.toTarget.breaks() + route.fromTarget.breaks() != breaks || route.toTarget.broken()
                || route.fromTarget.broken();
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket client) {
        Route route = routes.apply(client);
        int breaks = route.toTarget.breaks() + route.fromTarget.breaks();
        Socket server = new Socket();
        try {
            if (route.toTarget.broken() || route.fromTarget.broken()) {
                reset(client);
                return;
            }
            // Who is cut off cannot even connect.
            route.toTarget.awaitOpen();
            route.fromTarget.awaitOpen();
            server.connect(target, CONNECT_MILLIS);
            open.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            lives.put(client, new Life(route, breaks, server));
            pass(client, server, route.toTarget);
            pass(server, client, route.fromTarget);
        } catch (IOException e) {
            reset(server);
            reset(client);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset(client);
        }
    }

    private void pass(Socket from, Socket to, Flow flow) {
        BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(CHUNKS_UNDER_WAY_MAX);
        Thread.ofVirtual().start(() -> read(from, to, flow, queue));
        Thread.ofVirtual().start(() -> write(from, to, flow, queue));
    }

    private void read(Socket from, Socket to, Flow flow, BlockingQueue<Chunk> queue) {
        byte[] buffer = new byte[CHUNK_BYTES];
        try {
            InputStream in = from.getInputStream();
            while (true) {
                int count = in.read(buffer);
                long due = System.nanoTime() + flow.delayMillis() * 1_000_000L;
                queue.put(new Chunk(count < 0 ? END : Arrays.copyOf(buffer, count), due));
                if (count < 0) {
                    return;
                }
            }
        } catch (IOException e) {
            try {
                // A reset is as much a message as bytes are: it waits for the flow.
                flow.awaitOpen();
            } catch (InterruptedException f) {
                Thread.currentThread().interrupt();
            }
            reset(to);
            reset(from);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Socket from, Socket to, Flow flow, BlockingQueue<Chunk> queue) {
        try {
            while (true) {
                Chunk chunk = queue.take();
                long wait = chunk.dueNanos - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                }
                flow.awaitOpen();
                if (flow.broken()) {
                    throw new IOException("the flow was reset");
                }
                if (chunk.bytes.length == 0) {
                    to.shutdownOutput();
                    return;
                }
                to.getOutputStream().write(chunk.bytes);
                long pause = flow.nanosFor(chunk.bytes.length);
                if (pause > 0) {
                    Thread.sleep(pause / 1_000_000, (int) (pause % 1_000_000));
                }
            }
        } catch (IOException e) {
            reset(from);
            reset(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends connections whose flow was reset, and forgets those that have ended. */
    private void breakConnections() {
        while (!closed) {
            lives.forEach((client, life) -> {
                if (life.over()) {
                    reset(client);
                    reset(life.other);
                }
                if (client.isClosed() || life.other.isClosed() || client.isOutputShutdown()
                    && life.other.isOutputShutdown()) {
                    close(client);
                    close(life.other);
                    lives.remove(client);
                }
            });
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void reset(Socket socket) {
        try {
            if (!socket.isClosed()) {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            // It has gone by itself.
        }
        close(socket);
    }

    private void close(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // It has gone by itself.
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(this::reset);
    }
}
