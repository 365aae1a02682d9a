package io.quantadb.wal.recovery;

import io.quantadb.base.Lsn;
import io.quantadb.wal.reader.WalReader;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.segment.WalSegments;
import java.io.IOException;

/** Finds where stored WAL ends, without replaying it. */
public final class WalScan {
    private WalScan() {
    }

    /**
     * The end of the last complete record.
     *
     * @param from start or end of a record that is there
     */
    public static WalPosition end(WalSegments segments, TimelineHistory history, Lsn from) throws IOException {
        return end(segments, history, from, new Lsn(Long.MAX_VALUE));
    }

    /** As above, of the WAL before {@code limit}. */
    public static WalPosition end(WalSegments segments, TimelineHistory history, Lsn from, Lsn limit) throws IOException {
        try (WalReader reader = new WalReader(segments.layout(), history.source(segments), from)) {
            reader.limit(limit);
            while (reader.next() != null) {
                continue;
            }
            return reader.position();
        }
    }
}
