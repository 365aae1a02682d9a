package io.quantadb.executor.vector;

import io.quantadb.base.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts of at most seven bytes, and as many blanks after them, packed into a long; and a small cache of their strings.
 *
 * <pre>
 * bits  0 to 55  the UTF-8 bytes, first one lowest; unused ones zero
 * bits 56 to 58  number of bytes
 * bits 59 to 62  number of trailing blanks that are not among the bytes; only for blank-padded text (bpchar)
 * </pre>
 *
 * Two texts are equal exactly if their longs are, for blank-padded text under {@link #WITHOUT_BLANKS}. The instances are
 * confined to one thread.
 */
public final class ShortText {
    /** Stands for NULL; no text has it. */
    public static final long NULL = -1L;
    /** Not short: no text has it. */
    public static final long NOT_SHORT = -2L;
    /** Mask under which blank-padded texts compare. */
    public static final long WITHOUT_BLANKS = 0x07FF_FFFF_FFFF_FFFFL;

    private static final int BYTES_MAX = 7;
    private static final int BLANKS_MAX = 15;
    private static final int CACHE_SIZE = 256;

    private final long[] cachedBits = new long[CACHE_SIZE];
    private final String[] cached = new String[CACHE_SIZE];

    /** Packs bytes in memory; {@link #NOT_SHORT} if they are too many. Reads up to eight bytes from {@code address}. */
    public static long pack(long address, int length, boolean blankPadded) {
        int used = length;
        if (blankPadded) {
            if (length > BYTES_MAX + BLANKS_MAX) {
                return NOT_SHORT;
            }
            while (used > 0 && Memory.getByte(address + used - 1) == ' ') {
                used--;
            }
        }
        if (used > BYTES_MAX || length - used > BLANKS_MAX) {
            return NOT_SHORT;
        }
        return Memory.getLong(address) & (1L << 8 * used) - 1 | (long) (length - used << 3 | used) << 56;
    }

    /** Packs a string, without its trailing blanks if it is blank-padded: as {@link #pack} under the mask. */
    public static long packKey(String text, boolean blankPadded) {
        int used = text.length();
        if (blankPadded) {
            while (used > 0 && text.charAt(used - 1) == ' ') {
                used--;
            }
        }
        if (used > BYTES_MAX) {
            return NOT_SHORT;
        }
        long bits = 0;
        for (int i = 0; i < used; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return packBytes(text.substring(0, used).getBytes(StandardCharsets.UTF_8));
            }
            bits |= (long) c << 8 * i;
        }
        return bits | (long) used << 56;
    }

    private static long packBytes(byte[] bytes) {
        if (bytes.length > BYTES_MAX) {
            return NOT_SHORT;
        }
        long bits = 0;
        for (int i = 0; i < bytes.length; i++) {
            bits |= (bytes[i] & 0xFFL) << 8 * i;
        }
        return bits | (long) bytes.length << 56;
    }

    /** The text, often the same object for the same bits. */
    public String string(long bits) {
        int slot = (int) (bits * 0x9E3779B97F4A7C15L >>> 56);
        if (cached[slot] == null || cachedBits[slot] != bits) {
            int used = (int) (bits >>> 56) & 7;
            byte[] bytes = new byte[used + (int) (bits >>> 59 & BLANKS_MAX)];
            Arrays.fill(bytes, (byte) ' ');
            for (int i = 0; i < used; i++) {
                bytes[i] = (byte) (bits >>> 8 * i);
            }
            cached[slot] = new String(bytes, StandardCharsets.UTF_8);
            cachedBits[slot] = bits;
        }
        return cached[slot];
    }
}
