package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads one value in PostgreSQL's binary wire format: a cursor over a half-open range of a byte array.
 *
 * <p>Big-endian. Reading past the end is the client's mistake and raises 08P01. Not thread-safe.
 */
public final class WireReader {
    private final byte[] array;
    private int position;
    private final int limit;

    public WireReader(byte[] array) {
        this(array, 0, array.length);
    }

    public WireReader(byte[] array, int offset, int length) {
        this.array = array;
        this.position = offset;
        this.limit = offset + length;
    }

    public int remaining() {
        return limit - position;
    }

    private int advance(int count) {
        if (count < 0 || limit - position < count) {
            throw new SqlException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
        }
        int at = position;
        position += count;
        return at;
    }

    public byte readByte() {
        return array[advance(1)];
    }

    public short readShort() {
        return ByteOrders.getShort(array, advance(2));
    }

    public int readInt() {
        return ByteOrders.getInt(array, advance(4));
    }

    public long readLong() {
        return ByteOrders.getLong(array, advance(8));
    }

    public byte[] readBytes(int count) {
        byte[] result = new byte[count < 0 ? 0 : Math.min(count, remaining())];
        System.arraycopy(array, advance(count), result, 0, count);
        return result;
    }

    /** Everything left. */
    public byte[] readRemaining() {
        return readBytes(remaining());
    }

    /** Everything left as text; 22021 unless it is valid UTF-8 without NUL. */
    public String readText() {
        int count = remaining();
        return decodeUtf8(array, advance(count), count);
    }

    /** A reader of the next {@code count} bytes; this one continues after them. */
    public WireReader slice(int count) {
        return new WireReader(array, advance(count), count);
    }

    /** Raises 22P03 if bytes are left, as after every value of a message. */
    public void expectEnd(String what) {
        if (position != limit) {
            throw new SqlException(SqlState.INVALID_BINARY_REPRESENTATION, "incorrect binary data format in " + what);
        }
    }

    /** Decodes and validates text from a client; 22021 unless it is valid UTF-8 without NUL. */
    public static String decodeUtf8(byte[] bytes, int offset, int length) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length)).toString();
        } catch (CharacterCodingException e) {
            throw invalidUtf8(bytes, offset, length, e);
        }
        if (text.indexOf('\0') >= 0) {
            throw new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE,
                    "invalid byte sequence for encoding \"UTF8\": 0x00");
        }
        return text;
    }

    private static SqlException invalidUtf8(byte[] bytes, int offset, int length, CharacterCodingException cause) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length).slice();
        decoder.decode(in, java.nio.CharBuffer.allocate(length + 1), true);
        int bad = in.position();
        int lead = bytes[offset + bad] & 0xFF;
        int width = lead >= 0xF0 && lead < 0xF8 ? 4
                : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xC0 && lead < 0xE0 ? 2 : 1;
        StringBuilder text = new StringBuilder("invalid byte sequence for encoding \"UTF8\":");
        for (int i = 0; i < Math.min(width, length - bad); i++) {
            text.append(String.format(" 0x%02x", bytes[offset + bad + i] & 0xFF));
        }
        return new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, text.toString(), cause);
    }
}
