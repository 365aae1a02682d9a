package io.quantadb.replication.receiver;

import io.netty.handler.ssl.SslContext;
import io.quantadb.replication.protocol.Credentials;
import io.quantadb.replication.protocol.Endpoint;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Message;
import io.quantadb.replication.protocol.Message.PageReply;
import io.quantadb.replication.protocol.Message.PageRequest;
import io.quantadb.replication.protocol.Message.PageSums;
import io.quantadb.replication.protocol.Message.Welcome;
import io.quantadb.replication.protocol.NodeInfo;
import io.quantadb.replication.protocol.PeerKind;
import io.quantadb.replication.protocol.ProtocolException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks another node for pages, or for their LSNs and checksums. Safe for use by many threads; each call waits for its
 * answer.
 */
public final class PageClient implements Closeable {
    private static final long TIMEOUT_MILLIS = 30_000;

    private final PeerLink link;
    private final CompletableFuture<Welcome> welcome = new CompletableFuture<>();
    private final Map<Integer, CompletableFuture<Message>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private volatile String closedReason;

    /**
     * Connects and proves; waits for it.
     *
     * @param epoch the newest this node has seen
     */
    public PageClient(Endpoint target, NodeInfo self, long systemId, long epoch, Credentials credentials,
            SslContext tls) throws IOException {
        link = new PeerLink(target, new PeerLink.Identity(self, PeerKind.TOOL, systemId, epoch, credentials, tls),
                new Handler());
        boolean done = false;
        try {
            await(welcome);
            done = true;
        } finally {
            if (!done) {
                link.close();
            }
        }
    }

    private final class Handler implements PeerLink.Handler {
        @Override
        public void onWelcome(Welcome message) {
            welcome.complete(message);
        }

        @Override
        public void onMessage(Message message) throws ProtocolException {
            switch (message) {
                case PageReply m -> {
                    // The bytes are the frame's: keep a copy.
                    ByteBuffer copy = ByteBuffer.allocate(m.pages().remaining()).put(m.pages()).flip();
                    answer(m.id(), new PageReply(m.id(), m.blockCount(), m.firstBlock(), copy));
                }
                case PageSums m -> answer(m.id(), m);
                default -> throw new ProtocolException(ErrorCode.PROTOCOL, "message "
                        + message.getClass().getSimpleName() + " is no answer");
            }
        }

        private void answer(int id, Message message) {
            CompletableFuture<Message> future = waiting.remove(id);
            if (future != null) {
                future.complete(message);
            }
        }

        @Override
        public void onClosed(ErrorCode code, String reason) {
            closedReason = (code == null ? "" : code + ": ") + reason;
            IOException failure = new IOException(closedReason);
            welcome.completeExceptionally(failure);
            waiting.values().forEach(future -> future.completeExceptionally(failure));
        }
    }

    private static <T> T await(CompletableFuture<T> future) throws IOException {
        try {
            return future.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no answer in " + TIMEOUT_MILLIS + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for an answer", e);
        }
    }

    /** What the peer said of itself. */
    public Welcome welcome() {
        return welcome.join();
    }

    private Message ask(boolean sums, int database, int file, int fork, int firstBlock, int count)
            throws IOException {
        int id = ids.incrementAndGet();
        CompletableFuture<Message> future = new CompletableFuture<>();
        waiting.put(id, future);
        try {
            if (closedReason != null) {
                throw new IOException(closedReason);
            }
            link.send(new PageRequest(id, sums, database, file, fork, firstBlock, count));
            return await(future);
        } finally {
            waiting.remove(id);
        }
    }

    /** Whole pages from {@code firstBlock} on, at most {@link io.quantadb.replication.protocol.Protocol#PAGES_MAX}. */
    public PageReply pages(int database, int file, int fork, int firstBlock, int count) throws IOException {
        if (ask(false, database, file, fork, firstBlock, count) instanceof PageReply reply) {
            return reply;
        }
        throw new IOException("pages asked for, checksums received");
    }

    /** LSNs and checksums of pages from {@code firstBlock} on. */
    public PageSums sums(int database, int file, int fork, int firstBlock, int count) throws IOException {
        if (ask(true, database, file, fork, firstBlock, count) instanceof PageSums reply) {
            return reply;
        }
        throw new IOException("checksums asked for, pages received");
    }

    @Override
    public void close() {
        link.close();
    }
}
