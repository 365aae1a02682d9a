package io.quantadb.replication.slot;

import io.quantadb.base.Lsn;
import io.quantadb.base.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * What is kept for one replica. Immutable value; the file holds it, little-endian:
 *
 * <pre>
 *   0  u64  magic: the characters "QUANTSLT"
 *   8  u32  format version
 *  12  u32  flags: 1 = invalidated, 2 = of a base copy under way
 *  16  u64  system identifier
 *  24  u64  restart LSN: WAL from here on is retained
 *  32  i64  wall time of the creation, microseconds since 1970-01-01 UTC
 *  40  u16  length of the name, then the name in ASCII
 *  ..  u32  CRC32C of everything before
 * </pre>
 *
 * @param invalidated the WAL it stood for is gone: the replica needs a new base copy
 * @param baseCopy made for a base copy that is not complete yet
 */
public record ReplicationSlot(String name, long systemId, Lsn restartLsn, boolean invalidated, boolean baseCopy,
        long createdWallMicros) {
    public static final int VERSION = 1;
    /** As PostgreSQL's limit for names. */
    public static final int NAME_MAX = 63;

    private static final long MAGIC = 0x544C_5354_4E41_5551L;
    private static final int FIXED = 42;
    private static final int INVALIDATED = 1;
    private static final int BASE_COPY = 2;

    /** Whether the text may name a slot: letters, digits, underscore, hyphen, dot not first. */
    public static boolean isValidName(String name) {
        return name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0," + (NAME_MAX - 1) + "}");
    }

    ReplicationSlot withRestartLsn(Lsn lsn) {
        return new ReplicationSlot(name, systemId, lsn, invalidated, baseCopy, createdWallMicros);
    }

    ReplicationSlot asInvalidated() {
        return new ReplicationSlot(name, systemId, restartLsn, true, baseCopy, createdWallMicros);
    }

    ReplicationSlot withBaseCopy(boolean underWay) {
        return new ReplicationSlot(name, systemId, restartLsn, invalidated, underWay, createdWallMicros);
    }

    byte[] encode() {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[FIXED + text.length + Integer.BYTES];
        Memory.putLong(bytes, 0, MAGIC);
        Memory.putInt(bytes, 8, VERSION);
        Memory.putInt(bytes, 12, (invalidated ? INVALIDATED : 0) | (baseCopy ? BASE_COPY : 0));
        Memory.putLong(bytes, 16, systemId);
        Memory.putLong(bytes, 24, restartLsn.value());
        Memory.putLong(bytes, 32, createdWallMicros);
        bytes[40] = (byte) text.length;
        bytes[41] = (byte) (text.length >>> 8);
        System.arraycopy(text, 0, bytes, FIXED, text.length);
        Memory.putInt(bytes, FIXED + text.length, crc(bytes));
        return bytes;
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - Integer.BYTES);
        return (int) crc.getValue();
    }

    /** Decodes the contents of the file {@code file}; throws IOException telling corrupt from too old or too new. */
    static ReplicationSlot decode(byte[] bytes, String file) throws IOException {
        if (bytes.length < FIXED + Integer.BYTES || Memory.getLong(bytes, 0) != MAGIC) {
            throw new IOException("\"" + file + "\" is not a replication slot");
        }
        int version = Memory.getInt(bytes, 8);
        if (version != VERSION) {
            throw new IOException("replication slot \"" + file + "\" has version " + version + ", this program reads "
                    + VERSION);
        }
        int length = (bytes[40] & 0xFF) | (bytes[41] & 0xFF) << 8;
        if (length != bytes.length - FIXED - Integer.BYTES
                || Memory.getInt(bytes, bytes.length - Integer.BYTES) != crc(bytes)) {
            throw new IOException("replication slot \"" + file + "\" is damaged: wrong length or checksum");
        }
        int flags = Memory.getInt(bytes, 12);
        return new ReplicationSlot(new String(bytes, FIXED, length, StandardCharsets.US_ASCII),
                Memory.getLong(bytes, 16), new Lsn(Memory.getLong(bytes, 24)), (flags & INVALIDATED) != 0,
                (flags & BASE_COPY) != 0, Memory.getLong(bytes, 32));
    }
}
