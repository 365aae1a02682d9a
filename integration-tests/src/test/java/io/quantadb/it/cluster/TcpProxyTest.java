package io.quantadb.it.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Goal: the faults of the network are what they say. Method: an echo server behind a proxy. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class TcpProxyTest {
    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private ServerSocket echo;
    private Links links;
    private int port;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, loopback);
        Thread.ofPlatform().daemon().start(this::serve);
        links = new Links(() -> Map.of(ProcessHandle.current().pid(), "us"));
        port = links.open(PortKind.RAFT, "echo", "127.0.0.1", echo.getLocalPort());
    }

    private void serve() {
        try {
            while (true) {
                Socket socket = echo.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        // The test is over.
                    }
                });
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    @AfterEach
    void stop() throws IOException {
        links.close();
        echo.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(loopback, port), 1_000);
        socket.setSoTimeout(300);
        return socket;
    }

    private static int roundTrip(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        return socket.getInputStream().read();
    }

    @Test void shouldPassBytesUnchangedAndTheEndToo() throws IOException {
        byte[] bytes = new byte[3 << 20];
        new Random(1).nextBytes(bytes);
        try (Socket socket = connect()) {
            socket.setSoTimeout(10_000);
            Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(bytes);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertArrayEquals(bytes, socket.getInputStream().readAllBytes());
        }
    }

    @Test void shouldKnowWhichProcessHasCalled() throws IOException {
        try (Socket socket = connect()) {
            assertEquals(7, roundTrip(socket, 7));
            links.flow(PortKind.RAFT, Links.CLIENT, "echo").hold();
            assertEquals(8, roundTrip(socket, 8));
            links.flow(PortKind.RAFT, "us", "echo").hold();
            assertThrows(SocketTimeoutException.class, () -> roundTrip(socket, 9));
        }
        assertEquals(-1, LocalPeers.pidOf(new Socket(loopback, port), Set.of(1L)));
    }

    @Test void shouldHoldOneDirectionAndDeliverLater() throws IOException {
        try (Socket socket = connect()) {
            assertEquals(1, roundTrip(socket, 1));
            links.flow(PortKind.RAFT, "echo", "us").hold();
            assertThrows(SocketTimeoutException.class, () -> roundTrip(socket, 2));
            links.healAll();
            assertEquals(2, socket.getInputStream().read());
            assertEquals(3, roundTrip(socket, 3));
        }
    }

    @Test void shouldHoldNewConnectionsToo() throws IOException {
        links.cut(PortKind.RAFT, "echo", Set.of("us"));
        try (Socket socket = connect()) {
            assertThrows(SocketTimeoutException.class, () -> roundTrip(socket, 1));
            links.healAll();
            assertEquals(1, socket.getInputStream().read());
        }
    }

    @Test void shouldResetConnectionsUntilHealed() throws IOException {
        try (Socket socket = connect()) {
            assertEquals(1, roundTrip(socket, 1));
            links.flow(PortKind.RAFT, "us", "echo").reset();
            IOException e = assertThrows(IOException.class, () -> roundTrip(socket, 2));
            assertTrue(!(e instanceof SocketTimeoutException), e.toString());
        }
        try (Socket socket = connect()) {
            IOException e = assertThrows(IOException.class, () -> roundTrip(socket, 2));
            assertTrue(!(e instanceof SocketTimeoutException), e.toString());
        }
        links.healAll();
        try (Socket socket = connect()) {
            assertEquals(3, roundTrip(socket, 3));
        }
    }

    @Test void shouldDelayWithoutReducingThroughput() throws IOException {
        links.flow(PortKind.RAFT, "us", "echo").delay(100);
        try (Socket socket = connect()) {
            socket.setSoTimeout(5_000);
            long started = System.nanoTime();
            assertEquals(1, roundTrip(socket, 1));
            assertTrue(System.nanoTime() - started >= 100_000_000L);
            byte[] bytes = new byte[1 << 20];
            socket.getOutputStream().write(bytes);
            assertEquals(bytes.length, socket.getInputStream().readNBytes(bytes.length).length);
            assertTrue(System.nanoTime() - started < 2_000_000_000L);
        }
    }

    @Test void shouldThrottle() throws IOException {
        links.flow(PortKind.RAFT, "us", "echo").throttle(1 << 20);
        try (Socket socket = connect()) {
            socket.setSoTimeout(5_000);
            long started = System.nanoTime();
            socket.getOutputStream().write(new byte[512 << 10]);
            InputStream in = socket.getInputStream();
            assertEquals(512 << 10, in.readNBytes(512 << 10).length);
            assertTrue(System.nanoTime() - started > 300_000_000L);
        }
    }

    @Test void shouldCloseWhenTheTargetIsDead() throws IOException {
        echo.close();
        try (Socket socket = connect()) {
            socket.getOutputStream().write(1);
            int read = socket.getInputStream().read();
            assertEquals(-1, read);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // A reset: as dead as it can be.
        }
    }
}
