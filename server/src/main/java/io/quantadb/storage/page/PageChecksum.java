package io.quantadb.storage.page;

import io.quantadb.base.Memory;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The page checksum: CRC32C over the 8 KiB with the checksum field as zero, exclusive-or a hash of the block number, so
 * that a page written to the wrong place is found. 0 is never used, so a zeroed field is found too.
 */
public final class PageChecksum {
    private static final ByteBuffer ZERO = ByteBuffer.allocateDirect(4).asReadOnlyBuffer();

    private PageChecksum() {
    }

    /**
     * Checksum of the page in {@code pages[start, start + 8192)}, a direct buffer whose position and limit are not
     * used.
     */
    public static int compute(ByteBuffer pages, int start, int blockNumber) {
        CRC32C crc = new CRC32C();
        ByteBuffer view = pages.duplicate();
        view.limit(start + Page.CHECKSUM).position(start);
        crc.update(view);
        crc.update(ZERO.duplicate());
        view.limit(start + Page.SIZE).position(start + Page.CHECKSUM + 4);
        crc.update(view);
        int value = (int) crc.getValue() ^ Integer.rotateLeft(blockNumber * 0x9E3779B1, 13);
        return value == 0 ? 1 : value;
    }

    public static int stored(ByteBuffer pages, int start) {
        return Memory.getInt(Memory.addressOf(pages) + start + Page.CHECKSUM);
    }

    /** Computes and stores the checksum. */
    public static void stamp(ByteBuffer pages, int start, int blockNumber) {
        Memory.putInt(Memory.addressOf(pages) + start + Page.CHECKSUM, compute(pages, start, blockNumber));
    }

    /** All bytes zero: allocated, never written. */
    public static boolean isAllZero(long page) {
        for (int at = 0; at < Page.SIZE; at += 8) {
            if (Memory.getLong(page + at) != 0) {
                return false;
            }
        }
        return true;
    }
}
