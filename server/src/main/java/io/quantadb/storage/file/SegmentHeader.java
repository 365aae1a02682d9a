package io.quantadb.storage.file;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.page.Page;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The block in front of a segment file that says what the file is. Page block {@code b} of a segment is at byte {@code
 * 8192 * (b + 1)}.
 *
 * <p>Layout, little-endian, {@value Page#SIZE} bytes:
 * <pre>
 *  0  8  magic "QDBRELF\0"
 *  8  4  format version, {@value #VERSION}
 * 12  4  fork id
 * 16  8  system identifier
 * 24  4  database OID
 * 28  4  file number
 * 32  4  segment number
 * 36  4  page size, 8192
 * 40  4  CRC32C of bytes [0, 40)
 * 44     zero
 * </pre>
 */
final class SegmentHeader {
    static final int VERSION = 1;
    private static final long MAGIC = 0x00464C4552424451L;
    private static final int CHECKED_BYTES = 40;

    private SegmentHeader() {
    }

    static ByteBuffer encode(long systemIdentifier, RelationId relation, ForkNumber fork, int segment) {
        ByteBuffer header = ByteBuffer.allocateDirect(Page.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(MAGIC).putInt(VERSION).putInt(fork.id()).putLong(systemIdentifier).putInt(relation.databaseOid())
            .putInt(relation.fileNumber()).putInt(segment).putInt(Page.SIZE);
        header.putInt(crc(header));
        return header.position(0).limit(Page.SIZE);
    }

    private static int crc(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().position(0).limit(CHECKED_BYTES));
        return (int) crc.getValue();
    }

    /** Whether the header never reached the disk. Its bytes share one sector, so they are all there or all zero. */
    static boolean isAbsent(ByteBuffer header) {
        for (int at = 0; at < header.limit() && at < CHECKED_BYTES + 4; at++) {
            if (header.get(at) != 0) {
                return header.limit() < Page.SIZE && !isIntact(header);
            }
        }
        return true;
    }

    private static boolean isIntact(ByteBuffer header) {
        header.order(ByteOrder.LITTLE_ENDIAN);
        return header.limit() >= CHECKED_BYTES + 4 && header.getLong(0) == MAGIC
            && header.getInt(CHECKED_BYTES) == crc(header);
    }

    /** Throws XX001 saying what is wrong: damaged, another format version, another system, another file's content. */
    static void verify(ByteBuffer header, String path, long systemIdentifier, RelationId relation, ForkNumber fork,
        int segment) {
        if (!isIntact(header)) {
            throw StorageException.corrupted("file \"" + path + "\" has no valid relation file header");
        }
        int version = header.getInt(8);
        if (version != VERSION) {
            throw StorageException.corrupted("file \"" + path + "\" has format version " + version
                + ", this server reads version "
                + VERSION + (version > VERSION ? ": it was written by a newer release"
                : ": it was written by an older release"));
        }
        if (header.getLong(16) != systemIdentifier) {
            throw StorageException.corrupted("file \"" + path + "\" belongs to system "
                + Long.toUnsignedString(header.getLong(16))
                + ", not to " + Long.toUnsignedString(systemIdentifier));
        }
        if (header.getInt(12) != fork.id() || header.getInt(24) != relation.databaseOid()
            || header.getInt(28) != relation.fileNumber() || header.getInt(32) != segment
            || header.getInt(36) != Page.SIZE) {
            throw StorageException.corrupted("file \"" + path + "\" contains relation " + header.getInt(24) + "/"
                + header.getInt(28)
                + " fork " + header.getInt(12) + " segment " + header.getInt(32));
        }
    }
}
