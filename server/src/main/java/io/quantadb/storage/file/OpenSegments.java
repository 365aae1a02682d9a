package io.quantadb.storage.file;

import io.quantadb.base.FileHandle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Open segment files, the least recently used closed when there are too many. Safe for use by many threads. */
final class OpenSegments {
    private static final Logger LOG = LoggerFactory.getLogger(OpenSegments.class);

    private final int limit;
    private final Opener opener;
    private final ConcurrentHashMap<SegmentKey, Segment> open = new ConcurrentHashMap<>();
    private final AtomicLong clock = new AtomicLong();

    /** Opens, and verifies or creates, a segment file. */
    interface Opener {
        FileHandle open(SegmentKey key, boolean create) throws IOException;
    }

    OpenSegments(int limit, Opener opener) {
        this.limit = limit;
        this.opener = opener;
    }

    /** Returns the file with one use taken, which {@link Segment#release} gives back. */
    Segment acquire(SegmentKey key, boolean create) throws IOException {
        while (true) {
            Segment segment = open.get(key);
            if (segment == null) {
                segment = openNow(key, create);
            }
            if (segment.take()) {
                segment.lastUse = clock.incrementAndGet();
                return segment;
            }
            open.remove(key, segment);
        }
    }

    private Segment openNow(SegmentKey key, boolean create) throws IOException {
        if (open.size() >= limit) {
            closeOldest();
        }
        try {
            return open.computeIfAbsent(key, k -> {
                try {
                    return new Segment(opener.open(k, create));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void closeOldest() {
        var candidates = new ArrayList<>(open.entrySet());
        candidates.sort(Comparator.comparingLong(e -> e.getValue().lastUse));
        int closing = Math.max(1, candidates.size() / 8);
        for (int i = 0; i < closing && i < candidates.size(); i++) {
            var entry = candidates.get(i);
            open.remove(entry.getKey(), entry.getValue());
            entry.getValue().retire();
        }
    }

    /** Closes the file as soon as nobody uses it. */
    void close(SegmentKey key) {
        Segment segment = open.remove(key);
        if (segment != null) {
            segment.retire();
        }
    }

    void closeWhere(Predicate<SegmentKey> filter) {
        for (SegmentKey key : open.keySet()) {
            if (filter.test(key)) {
                close(key);
            }
        }
    }

    void closeAll() {
        closeWhere(key -> true);
    }

    int size() {
        return open.size();
    }

    /** A file in use by {@code users - 1} callers and this cache; closed when nobody is left. */
    static final class Segment {
        private final FileHandle handle;
        private final AtomicInteger users = new AtomicInteger(1);
        private final AtomicInteger retired = new AtomicInteger();
        private volatile long lastUse;

        Segment(FileHandle handle) {
            this.handle = handle;
        }

        FileHandle handle() {
            return handle;
        }

        private boolean take() {
            while (true) {
                int seen = users.get();
                if (seen == 0) {
                    return false;
                }
                if (users.compareAndSet(seen, seen + 1)) {
                    return true;
                }
            }
        }

        private void retire() {
            if (retired.compareAndSet(0, 1)) {
                release();
            }
        }

        void release() {
            if (users.decrementAndGet() == 0) {
                try {
                    handle.close();
                } catch (IOException e) {
                    LOG.warn("closing a relation file failed: {}", e.toString());
                }
            }
        }
    }
}
