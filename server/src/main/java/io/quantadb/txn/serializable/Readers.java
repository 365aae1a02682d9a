package io.quantadb.txn.serializable;

import java.util.Arrays;

/** Who has read what a writer is about to change. Reusable scratch of one writer. */
final class Readers {
    private final SerializableTransaction except;
    private SerializableTransaction[] found = new SerializableTransaction[8];
    private int count;
    private long finishedBound;

    Readers(SerializableTransaction except) {
        this.except = except;
    }

    void clear() {
        Arrays.fill(found, 0, count, null);
        count = 0;
        finishedBound = 0;
    }

    void add(SerializableTransaction reader) {
        if (reader == except) {
            return;
        }
        for (int i = 0; i < count; i++) {
            if (found[i] == reader) {
                return;
            }
        }
        if (count == found.length) {
            found = Arrays.copyOf(found, count * 2);
        }
        found[count++] = reader;
    }

    void finished(long bound) {
        finishedBound = Math.max(finishedBound, bound);
    }

    int count() {
        return count;
    }

    SerializableTransaction reader(int index) {
        return found[index];
    }

    /** Highest bound of the readers that had finished and are not among {@link #reader}. */
    long finishedBound() {
        return finishedBound;
    }
}
