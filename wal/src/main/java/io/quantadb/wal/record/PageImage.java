package io.quantadb.wal.record;

import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;

/**
 * Full-page images without their runs of zeros.
 *
 * <pre>
 * Encoding 0: the 8192 bytes.
 * Encoding 1: pairs, until 8192 bytes are described, of
 *   0  u16  number of zero bytes
 *   2  u16  number of literal bytes, which follow
 * </pre>
 *
 * <p>Knows nothing of what a page contains: the hole between line pointers and tuples is just its longest run of zeros.
 * Source of the idea: PostgreSQL documentation, "wal_compression", and the hole left out of its images. Measurements:
 * README.md of the module.
 */
final class PageImage {
    static final int ENCODING_RAW = 0;
    static final int ENCODING_ZERO_RUNS = 1;

    /** Shorter runs cost more than they save. */
    private static final int RUN_MIN = 16;
    private static final int PAIR_SIZE = 4;

    private PageImage() {
    }

    /** Largest result of {@link #encode}. */
    static int sizeMax() {
        return WalFormat.PAGE_SIZE;
    }

    /**
     * Encodes the page at {@code address} into {@code target}, which has {@link #sizeMax} bytes from {@code offset}.
     *
     * @return the length; {@link WalFormat#PAGE_SIZE} exactly when the encoding is {@link #ENCODING_RAW}
     */
    static int encode(long address, byte[] target, int offset) {
        int out = offset;
        int at = 0;
        while (at < WalFormat.PAGE_SIZE) {
            int literalStart = skipZeros(address, at);
            int literalEnd = findRun(address, literalStart);
            int literal = literalEnd - literalStart;
            if (out + PAIR_SIZE + literal - offset >= WalFormat.PAGE_SIZE) {
                Memory.copyToArray(address, target, offset, WalFormat.PAGE_SIZE);
                return WalFormat.PAGE_SIZE;
            }
            Memory.putInt(target, out, (literalStart - at) | literal << 16);
            Memory.copyToArray(address + literalStart, target, out + PAIR_SIZE, literal);
            out += PAIR_SIZE + literal;
            at = literalEnd;
        }
        return out - offset;
    }

    /** Index of the first eight-byte word at or behind {@code at} that is not zero. */
    private static int skipZeros(long address, int at) {
        int index = at;
        while (index < WalFormat.PAGE_SIZE && Memory.getLong(address + index) == 0) {
            index += 8;
        }
        return index;
    }

    /** Start of the next run of at least {@link #RUN_MIN} zero bytes at or behind {@code at}, or the page's end. */
    private static int findRun(long address, int at) {
        int index = at;
        int run = 0;
        while (index < WalFormat.PAGE_SIZE) {
            run = Memory.getLong(address + index) == 0 ? run + 8 : 0;
            index += 8;
            if (run >= RUN_MIN) {
                return index - run;
            }
        }
        return WalFormat.PAGE_SIZE - run;
    }

    /** Whether {@code length} bytes at {@code offset} are a complete image in that encoding. */
    static boolean isValid(int encoding, byte[] source, int offset, int length) {
        if (encoding == ENCODING_RAW) {
            return length == WalFormat.PAGE_SIZE;
        }
        if (encoding != ENCODING_ZERO_RUNS) {
            return false;
        }
        int in = offset;
        int at = 0;
        while (in + PAIR_SIZE <= offset + length) {
            int pair = Memory.getInt(source, in);
            at += (pair & 0xFFFF) + (pair >>> 16);
            in += PAIR_SIZE + (pair >>> 16);
        }
        return in == offset + length && at == WalFormat.PAGE_SIZE;
    }

    /** Writes all 8192 bytes of the page. The image has passed {@link #isValid}. */
    static void decode(int encoding, byte[] source, int offset, int length, long address) {
        if (encoding == ENCODING_RAW) {
            Memory.copyFromArray(source, offset, address, WalFormat.PAGE_SIZE);
            return;
        }
        Invariant.check(encoding == ENCODING_ZERO_RUNS, "image encoding %d, largest is %d", encoding,
                ENCODING_ZERO_RUNS);
        int in = offset;
        long at = address;
        while (in < offset + length) {
            int pair = Memory.getInt(source, in);
            int zeros = pair & 0xFFFF;
            int literal = pair >>> 16;
            Memory.fill(at, zeros, 0);
            Memory.copyFromArray(source, in + PAIR_SIZE, at + zeros, literal);
            at += zeros + literal;
            in += PAIR_SIZE + literal;
        }
    }
}
