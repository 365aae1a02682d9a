package io.quantadb.session.command;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.session.Session;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who listens to what, and delivery when a transaction commits. Safe for use by many threads.
 *
 * <p>How a notification gets to another session's client is the delivery's matter: that session may be idle, and its writer belongs to its
 * own thread.
 */
public final class Notifications {
    private static final int PAYLOAD_BYTES_MAX = 8000;
    private static final int CHANNEL_BYTES_MAX = 64;

    /** Brings a notification to a session's client; called by any thread, must not block. */
    @FunctionalInterface
    public interface Delivery {
        void deliver(Session target, int processId, String channel, String payload);
    }

    private final Delivery delivery;
    private final Map<String, Set<Session>> listeners = new ConcurrentHashMap<>();

    /** @param delivery null if this server cannot deliver: LISTEN is 0A000 then */
    public Notifications(Delivery delivery) {
        this.delivery = delivery;
    }

    void listen(CommandContext context, String channel) {
        if (delivery == null) {
            throw SqlException.notSupported("LISTEN is not supported");
        }
        Session session = context.session;
        context.transaction().onCommit(() -> {
            context.state.channels.add(channel);
            listeners.computeIfAbsent(channel, c -> ConcurrentHashMap.newKeySet()).add(session);
        });
    }

    /** @param channel null: all */
    void unlisten(CommandContext context, String channel) {
        context.transaction().onCommit(() -> {
            if (channel == null) {
                forget(context.session, context.state);
            } else if (context.state.channels.remove(channel)) {
                remove(context.session, channel);
            }
        });
    }

    void notify(CommandContext context, String channel, String payload) {
        if (channel.isEmpty()) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "channel name cannot be empty");
        }
        if (bytes(channel) >= CHANNEL_BYTES_MAX) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "channel name too long");
        }
        if (bytes(payload) >= PAYLOAD_BYTES_MAX) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "payload string too long");
        }
        SessionState state = context.state;
        if (state.notifyingTransaction != context.transaction()) {
            state.notifyingTransaction = context.transaction();
            state.notified.clear();
        }
        String key = channel + '\0' + payload;
        if (!state.notified.add(key)) {
            // Identical notifications of one transaction arrive once.
            return;
        }
        int processId = context.session.processId();
        context.transaction().onAbort(() -> state.notified.remove(key));
        context.transaction().onCommit(() -> listeners.getOrDefault(channel, Set.of())
                .forEach(session -> delivery.deliver(session, processId, channel, payload)));
    }

    private static int bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }

    private void remove(Session session, String channel) {
        Set<Session> sessions = listeners.get(channel);
        if (sessions != null) {
            sessions.remove(session);
        }
    }

    /** The session ends. */
    void forget(Session session, SessionState state) {
        state.channels.forEach(channel -> remove(session, channel));
        state.channels.clear();
    }
}
