package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

import java.nio.charset.StandardCharsets;

/** name: an identifier, cut to 63 bytes on input. */
final class NameOps extends TextOps {
    static final NameOps INSTANCE = new NameOps();

    /** PostgreSQL's NAMEDATALEN without the terminator. */
    private static final int BYTES_MAX = 63;

    private NameOps() {
        super("name", true);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return truncate(text);
    }

    /** Cuts to 63 bytes of UTF-8, never inside a character. */
    static String truncate(String text) {
        if (text.length() * 3 <= BYTES_MAX) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= BYTES_MAX) {
            return text;
        }
        int end = BYTES_MAX;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        if (in.remaining() > BYTES_MAX) {
            throw new SqlException(SqlState.NAME_TOO_LONG, "identifier too long")
                    .withDetail("Identifier must be less than 64 characters.");
        }
        return in.readText();
    }
}
