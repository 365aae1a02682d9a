package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/** Strict decoding of what clients send. */
public final class Utf8 {
    private Utf8() {
    }

    /** @throws SqlException 22021 naming the first bytes that are not UTF-8 */
    public static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        if (decoder.decode(in, out, true).isError()) {
            throw invalid(bytes, in.position());
        }
        return out.flip().toString();
    }

    private static SqlException invalid(byte[] bytes, int at) {
        int length = Math.min(sequenceLength(bytes[at] & 0xFF), bytes.length - at);
        StringBuilder shown = new StringBuilder();
        for (int i = at; i < at + length; i++) {
            shown.append(i == at ? "" : " ").append(String.format("0x%02x", bytes[i] & 0xFF));
        }
        return new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"UTF8\": " + shown);
    }

    /** What the first byte announces; 1 for a byte that cannot begin a sequence. */
    private static int sequenceLength(int first) {
        if ((first & 0xE0) == 0xC0) {
            return 2;
        }
        if ((first & 0xF0) == 0xE0) {
            return 3;
        }
        return (first & 0xF8) == 0xF0 ? 4 : 1;
    }
}
