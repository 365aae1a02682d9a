package io.quantadb.session;

import java.security.SecureRandom;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All sessions of the server, by process id: for pg_stat_activity, cancel requests, limits and timeouts. Safe for use
 * by many threads.
 */
public final class SessionRegistry implements AutoCloseable {
    /** Ids below it could be mistaken for special processes by eye; PostgreSQL's are pids, any positive number does. */
    private static final int FIRST_PROCESS_ID = 1000;

    private final Map<Integer, Session> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger nextProcessId = new AtomicInteger(FIRST_PROCESS_ID);
    /** Of streams, which are no sessions but appear among them. */
    private final Map<String, Integer> otherIds = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final SecureRandom random = new SecureRandom();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("session-timer").factory());
    private final int maxConnections;

    public SessionRegistry(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    int newProcessId() {
        return nextProcessId.getAndUpdate(id -> id == Integer.MAX_VALUE ? FIRST_PROCESS_ID : id + 1);
    }

    /** The process id under which views show something that is not a session; always the same one for the same name. */
    int processIdOf(String name) {
        return otherIds.computeIfAbsent(name, key -> newProcessId());
    }

    int newSecretKey() {
        return random.nextInt();
    }

    /** Takes one of the connection slots; false if all are taken. Given back by {@link #releaseSlot}. */
    public boolean acquireSlot() {
        while (true) {
            int taken = count.get();
            if (taken >= maxConnections) {
                return false;
            }
            if (count.compareAndSet(taken, taken + 1)) {
                return true;
            }
        }
    }

    public void releaseSlot() {
        count.decrementAndGet();
    }

    void add(Session session) {
        sessions.put(session.processId(), session);
    }

    void remove(Session session) {
        sessions.remove(session.processId(), session);
    }

    public Collection<Session> all() {
        return sessions.values();
    }

    /** Null if there is none. */
    public Session find(int processId) {
        return sessions.get(processId);
    }

    public int size() {
        return sessions.size();
    }

    /** A CancelRequest: ignored silently unless the key fits. */
    public void cancel(int processId, int secretKey) {
        Session session = sessions.get(processId);
        if (session != null && session.secretKey() == secretKey) {
            session.interrupts().raise(SessionInterrupts.Request.CANCEL);
        }
    }

    /** pg_cancel_backend. @return false if there is no such session */
    public boolean cancel(int processId) {
        Session session = sessions.get(processId);
        if (session != null) {
            session.interrupts().raise(SessionInterrupts.Request.CANCEL);
        }
        return session != null;
    }

    /** pg_terminate_backend. @return false if there is no such session */
    public boolean terminate(int processId) {
        Session session = sessions.get(processId);
        if (session != null) {
            session.terminate();
        }
        return session != null;
    }

    ScheduledFuture<?> schedule(Runnable action, long delayMillis) {
        return timer.schedule(action, delayMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
