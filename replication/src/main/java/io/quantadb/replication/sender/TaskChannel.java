package io.quantadb.replication.sender;

import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Message;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends messages from a thread that may wait: at most {@link #IN_FLIGHT} of them are on their way to the socket. For
 * one thread.
 */
final class TaskChannel {
    private static final int IN_FLIGHT = 8;
    private static final int STALL_SECONDS = 60;

    private final ServerConnection connection;
    private final Semaphore permits = new Semaphore(IN_FLIGHT);
    private volatile boolean broken;

    TaskChannel(ServerConnection connection) {
        this.connection = connection;
    }

    /** Sends a message that owns its bytes; waits while too many are on their way. */
    void send(Message message) throws IOException, InterruptedException {
        send(message, () -> { });
    }

    /** Sends a message and runs {@code done} when its bytes are no longer needed. */
    void send(Message message, Runnable done) throws IOException, InterruptedException {
        if (!permits.tryAcquire(STALL_SECONDS, TimeUnit.SECONDS)) {
            fail(ErrorCode.TIMEOUT, "nothing could be sent for " + STALL_SECONDS + " s");
            throw new IOException("the peer takes nothing");
        }
        if (broken || !connection.channel().isActive()) {
            throw new IOException("connection closed");
        }
        connection.channel().eventLoop().execute(() -> {
            if (connection.link().isClosed()) {
                broken = true;
                done.run();
                permits.release();
                return;
            }
            var written = connection.write(message);
            // The message has been copied into its frame.
            done.run();
            written.addListener(future -> {
                broken |= !future.isSuccess();
                permits.release();
            });
            connection.flush();
        });
    }

    /** Ends the link with an error. */
    void fail(ErrorCode code, String text) {
        connection.channel().eventLoop().execute(() -> connection.link().close(code, text));
    }

    /** Says that the copy is over, behind all messages sent before. */
    void end() {
        connection.channel().eventLoop().execute(connection::onCopyEnd);
    }
}
