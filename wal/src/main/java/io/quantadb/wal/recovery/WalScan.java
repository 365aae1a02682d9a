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
    public static WalPosition end(WalSegments segments, TimelineHistory history, Lsn from, Lsn limit)
            throws IOException {
        WalPosition position = new WalPosition(from, Lsn.INVALID);
        while (true) {
            Lsn next = history.nextSwitch(position.endLsn());
            Lsn end = next.compareTo(limit) < 0 ? next : limit;
            Lsn last = position.lastRecordLsn().isValid() ? position.lastRecordLsn() : null;
            try (WalReader reader = new WalReader(segments.layout(), history.source(segments), position.endLsn(), last,
                    WalReader.DamageCheck.OFF)) {
                reader.limit(end);
                while (reader.next() != null) {
                    continue;
                }
                position = reader.position();
            }
            // What stands behind the switch in the file of the old timeline is not this history's.
            boolean goesOn = position.endLsn().compareTo(next) >= 0 && next.compareTo(limit) < 0
                    && segments.exists(history.timelineOf(next).value(),
                            segments.layout().segmentOf(position.endLsn().value()));
            if (!goesOn) {
                return position;
            }
        }
    }
}
