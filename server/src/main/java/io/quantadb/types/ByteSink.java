package io.quantadb.types;

import java.nio.charset.StandardCharsets;

/**
 * Where type output is written: the wire encoder's buffer, a COPY file, or an array.
 *
 * <p>Multi-byte integers are big-endian, the order of the PostgreSQL wire protocol. Not thread-safe. Implementations
 * should override the default methods where their buffer offers something faster.
 */
public interface ByteSink {
    /** Appends the low eight bits. */
    void writeByte(int value);

    /** Appends {@code length} bytes; the source may be reused afterwards. */
    void writeBytes(byte[] source, int offset, int length);

    default void writeBytes(byte[] source) {
        writeBytes(source, 0, source.length);
    }

    default void writeShort(int value) {
        writeByte(value >> 8);
        writeByte(value);
    }

    default void writeInt(int value) {
        writeShort(value >> 16);
        writeShort(value);
    }

    default void writeLong(long value) {
        writeInt((int) (value >> 32));
        writeInt((int) value);
    }

    /** Appends a string whose characters are all below 128. */
    default void writeAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            writeByte(text.charAt(i));
        }
    }

    default void writeUtf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        writeBytes(bytes, 0, bytes.length);
    }
}
