package io.quantadb.access.heap;

import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;
import io.quantadb.storage.StorageException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * What stands in a row for a large value (end offset with bit 15). Little-endian:
 *
 * <pre>
 * COMPRESSED   1 u8, raw length u32, then raw deflate data
 * OUT_OF_LINE  2 u8, raw length u32, stored length u32, compressed u8, TID of the first chunk u64     18 bytes
 * </pre>
 *
 * Deflate at its fastest level: it is in the JDK, and large values are read and written rarely enough that its speed
 * does not decide anything.
 */
final class ToastPointer {
    static final int COMPRESSED = 1;
    static final int OUT_OF_LINE = 2;
    static final int COMPRESSED_HEADER = 5;
    static final int OUT_OF_LINE_SIZE = 18;

    private ToastPointer() {
    }

    static byte[] outOfLine(int rawLength, int storedLength, boolean compressed, long firstChunkTid) {
        byte[] pointer = new byte[OUT_OF_LINE_SIZE];
        pointer[0] = OUT_OF_LINE;
        Memory.putInt(pointer, 1, rawLength);
        Memory.putInt(pointer, 5, storedLength);
        pointer[9] = (byte) (compressed ? 1 : 0);
        Memory.putLong(pointer, 10, firstChunkTid);
        return pointer;
    }

    static boolean isOutOfLine(long address) {
        return Memory.getByte(address) == OUT_OF_LINE;
    }

    static long firstChunk(long address) {
        return Memory.getLong(address + 10);
    }

    /** Compresses with the header in front; null if that does not save a quarter. */
    static byte[] compress(byte[] source, int offset, int length) {
        int limit = length - length / 4;
        if (limit <= COMPRESSED_HEADER) {
            return null;
        }
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(source, offset, length);
            deflater.finish();
            byte[] target = new byte[limit];
            int written = deflater.deflate(target, COMPRESSED_HEADER, limit - COMPRESSED_HEADER);
            if (!deflater.finished()) {
                return null;
            }
            target[0] = COMPRESSED;
            Memory.putInt(target, 1, length);
            return Arrays.copyOf(target, COMPRESSED_HEADER + written);
        } finally {
            deflater.end();
        }
    }

    private static byte[] decompress(byte[] source, int offset, int length, int rawLength) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(source, offset, length);
            byte[] raw = new byte[rawLength];
            int done = 0;
            while (done < rawLength) {
                int step = inflater.inflate(raw, done, rawLength - done);
                if (step == 0) {
                    throw StorageException.corrupted("compressed value ends after " + done + " of " + rawLength
                            + " bytes");
                }
                done += step;
            }
            return raw;
        } catch (DataFormatException e) {
            throw StorageException.corrupted("compressed value of " + rawLength + " bytes is damaged: "
                    + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    /** The value behind a pointer. */
    static byte[] resolve(long address, int length, ToastReader toast) {
        int form = Memory.getByte(address);
        int rawLength = Memory.getInt(address + 1);
        if (form == COMPRESSED) {
            byte[] stored = new byte[length - COMPRESSED_HEADER];
            Memory.copyToArray(address + COMPRESSED_HEADER, stored, 0, stored.length);
            return decompress(stored, 0, stored.length, rawLength);
        }
        Invariant.check(form == OUT_OF_LINE
                && length == OUT_OF_LINE_SIZE, "large value in form %d, %d bytes", form, length);
        Invariant.check(toast != null, "value out of line read without a reader");
        int storedLength = Memory.getInt(address + 5);
        byte[] stored = toast.fetch(firstChunk(address), storedLength);
        return Memory.getByte(address + 9) == 0 ? stored : decompress(stored, 0, storedLength, rawLength);
    }
}
