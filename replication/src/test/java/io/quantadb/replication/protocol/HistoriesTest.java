package io.quantadb.replication.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.quantadb.base.Lsn;
import io.quantadb.base.TimelineId;
import io.quantadb.replication.protocol.Histories.Fork;
import io.quantadb.wal.recovery.TimelineHistory;
import org.junit.jupiter.api.Test;

/** Goal: the last common position of two histories, for each way in which they can differ. */
class HistoriesTest {
    private static TimelineHistory history(int... timelinesAndLsns) {
        TimelineHistory result = new TimelineHistory(new TimelineId(timelinesAndLsns[0]), java.util.List.of());
        for (int i = 1; i < timelinesAndLsns.length; i += 2) {
            result = result.branch(new TimelineId(timelinesAndLsns[i + 1]), new Lsn(timelinesAndLsns[i]), "");
        }
        return result;
    }

    @Test
    void shouldFindTheLastCommonPosition() {
        TimelineHistory ours = history(1, 100, 2, 200, 4);
        assertEquals(new Fork(4, 300), Histories.lastCommon(ours, 300, ours));
        assertEquals(new Fork(1, 50), Histories.lastCommon(history(1), 50, ours));
        assertEquals(new Fork(1, 100), Histories.lastCommon(history(1), 100, ours));
        assertEquals(new Fork(1, 100), Histories.lastCommon(history(1), 150, ours));
        assertEquals(new Fork(2, 150), Histories.lastCommon(history(1, 100, 2), 150, ours));
        assertEquals(new Fork(2, 200), Histories.lastCommon(history(1, 100, 2), 250, ours));
        assertEquals(new Fork(2, 180), Histories.lastCommon(history(1, 100, 2, 180, 3), 250, ours));
        assertEquals(new Fork(2, 200), Histories.lastCommon(history(1, 100, 2, 220, 3), 250, ours));
        assertEquals(new Fork(1, 90), Histories.lastCommon(history(1, 90, 3), 250, ours));
        // Two children of the same place: common up to it, but not on the same timeline.
        assertEquals(new Fork(2, 200), Histories.lastCommon(history(1, 100, 2, 200, 3), 200, ours));
        assertNull(Histories.lastCommon(history(7), 50, ours));
    }

    @Test
    void shouldKnowParentsAndChildren() {
        TimelineHistory ours = history(1, 100, 2, 200, 4);
        assertEquals(2, Histories.childOf(ours, 1));
        assertEquals(4, Histories.childOf(ours, 2));
        assertEquals(0, Histories.childOf(ours, 4));
        assertEquals(history(1, 100, 2), Histories.upTo(ours, 2));
    }
}
