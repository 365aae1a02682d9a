package io.quantadb.replication.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Lsn;
import io.quantadb.base.SimClock;
import io.quantadb.base.SimDisk;
import io.quantadb.replication.slot.SlotException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Goal: what a slot retains survives crashes, never too little; past the limit it says so. */
class ReplicationSlotsTest {
    private static final Path DIRECTORY = Path.of("/data/slots");
    private static final Path FILE = DIRECTORY.resolve("one.slot");

    private final SimDisk disk = new SimDisk(1);

    private ReplicationSlots open(long max) throws IOException {
        return new ReplicationSlots(disk, DIRECTORY, 77, max, new SimClock());
    }

    @Test
    void shouldSurviveCrashesAndNeverRetainTooLittle() throws Exception {
        ReplicationSlots slots = open(0);
        slots.acquire("one", new Lsn(100), this);
        slots.create("two", new Lsn(300));
        slots.advance("one", new Lsn(200), this);
        slots.advance("one", new Lsn(150), this);
        assertEquals(new Lsn(200), slots.minimumLsn());
        disk.crash();
        ReplicationSlots again = open(0);
        assertEquals(new Lsn(100), again.minimumLsn());
        again.acquire("one", new Lsn(200), this);
        again.advance("one", new Lsn(200), this);
        assertEquals(new Lsn(200), again.enforceRetention(new Lsn(1_000)));
        disk.crash();
        ReplicationSlots third = open(0);
        assertEquals(new Lsn(200), third.minimumLsn());
        assertFalse(third.get("one").active());
        third.drop("one");
        disk.crash();
        assertNull(open(0).get("one"));
        assertEquals(new Lsn(300), open(0).minimumLsn());
    }

    @Test
    void shouldInvalidateForGood() throws Exception {
        ReplicationSlots slots = open(500);
        slots.acquire("one", new Lsn(100), this);
        assertEquals(new Lsn(100), slots.enforceRetention(new Lsn(600)));
        assertNull(slots.enforceRetention(new Lsn(601)));
        assertFalse(slots.isHeldBy("one", this));
        disk.crash();
        ReplicationSlots again = open(500);
        assertTrue(again.get("one").slot().invalidated());
        assertEquals(Reason.INVALIDATED, assertThrows(SlotException.class,
                () -> again.acquire("one", new Lsn(700), this)).reason());
        again.beginBaseCopy("one", new Lsn(800));
        assertTrue(again.retains("one", new Lsn(800)));
        assertFalse(again.retains("one", new Lsn(799)));
        again.acquire("one", new Lsn(800), this);
        again.advance("one", new Lsn(900), this);
        assertTrue(again.retains("one", new Lsn(800)), "the copy can still be resumed");
        again.endBaseCopy("one");
        again.advance("one", new Lsn(900), this);
        assertEquals(new Lsn(900), again.minimumLsn());
    }

    @Test
    void shouldGiveASlotToTheNewestConnection() throws Exception {
        ReplicationSlots slots = open(0);
        slots.acquire("one", new Lsn(100), "old");
        slots.acquire("one", new Lsn(100), "new");
        slots.advance("one", new Lsn(500), "old");
        slots.release("one", "old");
        assertTrue(slots.isHeldBy("one", "new"));
        assertEquals(new Lsn(100), slots.minimumLsn());
        assertEquals(Reason.IN_USE, assertThrows(SlotException.class, () -> slots.drop("one")).reason());
        slots.release("one", "new");
        slots.drop("one");
        assertEquals(Reason.NOT_FOUND, assertThrows(SlotException.class, () -> slots.drop("one")).reason());
    }

    @Test
    void shouldRefuseNamesThatAreNoFileNames() throws Exception {
        ReplicationSlots slots = open(0);
        for (String name : new String[]{"", "../x", ".hidden", "a/b", "a b", "x".repeat(64)}) {
            assertEquals(Reason.INVALID_NAME, assertThrows(SlotException.class,
                    () -> slots.create(name, new Lsn(1))).reason(), name);
        }
    }

    @Test
    void shouldTellDamageFromOtherVersionsAndSystems() throws Exception {
        open(0).create("one", new Lsn(100));
        byte[] good = disk.contents(FILE);
        disk.corrupt(FILE, 24, new byte[]{9});
        assertTrue(assertThrows(IOException.class, () -> open(0)).getMessage().contains("damaged"));
        disk.corrupt(FILE, 0, good);
        disk.corrupt(FILE, 8, new byte[]{2});
        assertTrue(assertThrows(IOException.class, () -> open(0)).getMessage().contains("version 2"));
        disk.corrupt(FILE, 0, good);
        assertTrue(assertThrows(IOException.class, () -> new ReplicationSlots(disk, DIRECTORY, 78, 0, new SimClock()))
                .getMessage().contains("system 77"));
    }
}
