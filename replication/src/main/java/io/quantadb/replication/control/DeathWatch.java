package io.quantadb.replication.control;

import io.quantadb.base.Clock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices the death of the leader's process at once: keeps an idle connection to its Raft port, and when that is closed
 * and a new one is refused, the process is gone and no timeout need be waited for.
 *
 * <p>One thread; it waits for bytes that never come, so it costs nothing while all is well. Survivors act one after
 * another, so that they do not split the vote.
 */
final class DeathWatch {
    private static final Logger LOGGER = LoggerFactory.getLogger(DeathWatch.class);
    private static final int POLL_MILLIS = 250;
    private static final int CONNECT_TIMEOUT_MILLIS = 250;
    private static final int NEXT_SURVIVOR_MILLIS = 120;

    private final ControlGroup group;
    private final Clock clock;
    private final Thread thread;
    private volatile boolean stopped;

    DeathWatch(ControlGroup group, Clock clock) {
        this.group = group;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("control-death-watch").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void stop() {
        stopped = true;
        thread.interrupt();
    }

    private void run() {
        try {
            while (!stopped) {
                String leader = group.leader();
                String address = leader == null || leader.equals(group.nodeId()) ? null : group.addressOf(leader);
                if (address == null) {
                    Thread.sleep(POLL_MILLIS / 5);
                } else {
                    watch(leader, endpoint(address));
                }
            }
        } catch (InterruptedException e) {
            LOGGER.debug("Stopped watching the leader", e);
        }
    }

    private static InetSocketAddress endpoint(String address) {
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    /** Returns when the leader is another one, or cannot be watched for now. */
    private void watch(String leader, InetSocketAddress endpoint) throws InterruptedException {
        try (Socket socket = new Socket()) {
            socket.connect(endpoint, CONNECT_TIMEOUT_MILLIS);
            socket.setSoTimeout(POLL_MILLIS);
            while (!stopped && leader.equals(group.leader())) {
                if (isClosed(socket)) {
                    return;
                }
            }
        } catch (ConnectException e) {
            onRefused(leader);
        } catch (IOException e) {
            LOGGER.debug("Cannot watch leader {}", leader, e);
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static boolean isClosed(Socket socket) {
        try {
            byte[] ignored = new byte[256];
            return socket.getInputStream().read(ignored) < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            LOGGER.debug("The leader's connection broke", e);
            return true;
        }
    }

    private void onRefused(String leader) throws InterruptedException {
        List<String> survivors = group.voters().stream().filter(node -> !node.equals(leader)).sorted().toList();
        long start = clock.monotonicNanos();
        int rank = Math.max(0, survivors.indexOf(group.nodeId()));
        Thread.sleep((long) rank * NEXT_SURVIVOR_MILLIS);
        if (leader.equals(group.leader())) {
            LOGGER.info("Leader {} refuses connections: standing for election", leader);
            group.hintDead(leader);
        }
        long elapsedMillis = (clock.monotonicNanos() - start) / 1_000_000;
        Thread.sleep(Math.max(0, POLL_MILLIS - elapsedMillis));
    }
}
