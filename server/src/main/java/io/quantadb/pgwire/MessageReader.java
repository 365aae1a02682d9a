package io.quantadb.pgwire;

import io.netty.buffer.ByteBuf;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.session.Utf8;
import java.nio.charset.StandardCharsets;

/**
 * Decodes client messages. Every length is checked against its limit before anything is allocated for it; a violation
 * is a FATAL 08P01.
 *
 * <p>Source: PostgreSQL documentation, "Message Formats".
 */
final class MessageReader {
    /** Limit of messages that carry statements or data. */
    static final int LARGE_LIMIT = 256 << 20;
    /** Limit of all others, and of startup packets. */
    static final int SMALL_LIMIT = 10_000;
    private static final int HEADER = 5;

    private MessageReader() {
    }

    /** Reads one message if it is complete; null if more bytes are needed. */
    static FrontendMessage read(ByteBuf in) {
        if (in.readableBytes() < HEADER) {
            return null;
        }
        int start = in.readerIndex();
        int type = in.getUnsignedByte(start);
        int length = in.getInt(start + 1);
        int limit = limit(type);
        if (length < 4 || length > limit) {
            throw violation("invalid message length");
        }
        if (in.readableBytes() < 1 + length) {
            return null;
        }
        in.skipBytes(HEADER);
        int end = start + 1 + length;
        FrontendMessage message;
        try {
            message = decode(type, in, end);
        } catch (IndexOutOfBoundsException e) {
            in.readerIndex(end);
            throw malformed("insufficient data left in message");
        } catch (SqlException e) {
            // The stream stays readable behind a message that was wrong in itself.
            in.readerIndex(end);
            throw e;
        }
        if (in.readerIndex() != end) {
            in.readerIndex(end);
            throw malformed("invalid message format");
        }
        return message;
    }

    private static int limit(int type) {
        return switch (type) {
            case 'Q', 'P', 'B', 'd', 'F' -> LARGE_LIMIT;
            case 'E', 'D', 'C', 'S', 'H', 'X', 'c', 'f', 'p' -> SMALL_LIMIT;
            default -> throw violation("invalid frontend message type " + type);
        };
    }

    static SqlException violation(String message) {
        return new SqlException(SqlState.PROTOCOL_VIOLATION, message).fatal();
    }

    /** The message is wrong in itself, but its end is known: the statement fails and the session goes on. */
    private static SqlException malformed(String message) {
        return new SqlException(SqlState.PROTOCOL_VIOLATION, message);
    }

    private static FrontendMessage decode(int type, ByteBuf in, int end) {
        return switch (type) {
            case 'Q' -> new FrontendMessage.Query(string(in, end));
            case 'P' -> parse(in, end);
            case 'B' -> bind(in, end);
            case 'D' -> new FrontendMessage.Describe(isPortal(in, "DESCRIBE"), string(in, end));
            case 'E' -> new FrontendMessage.Execute(string(in, end), in.readInt());
            case 'C' -> new FrontendMessage.Close(isPortal(in, "CLOSE"), string(in, end));
            case 'S' -> FrontendMessage.Sync.INSTANCE;
            case 'H' -> FrontendMessage.Flush.INSTANCE;
            case 'd' -> new FrontendMessage.CopyData(rest(in, end));
            case 'c' -> new FrontendMessage.CopyDone();
            case 'f' -> new FrontendMessage.CopyFail(string(in, end));
            case 'p' -> new FrontendMessage.Password(rest(in, end));
            case 'X' -> new FrontendMessage.Terminate();
            case 'F' -> {
                in.readerIndex(end);
                throw SqlException.notSupported("the function call protocol message is not supported");
            }
            default -> throw violation("invalid frontend message type " + type);
        };
    }

    private static boolean isPortal(ByteBuf in, String message) {
        byte kind = in.readByte();
        return switch (kind) {
            case 'P' -> true;
            case 'S' -> false;
            default -> throw malformed("invalid " + message + " message subtype " + kind);
        };
    }

    private static FrontendMessage parse(ByteBuf in, int end) {
        String name = string(in, end);
        String sql = string(in, end);
        int count = count(in, end, 4);
        int[] types = new int[count];
        for (int i = 0; i < count; i++) {
            types[i] = in.readInt();
        }
        return new FrontendMessage.Parse(name, sql, types);
    }

    private static FrontendMessage bind(ByteBuf in, int end) {
        String portal = string(in, end);
        String statement = string(in, end);
        short[] parameterFormats = formats(in, end);
        int count = count(in, end, 4);
        byte[][] values = new byte[count][];
        for (int i = 0; i < count; i++) {
            int length = in.readInt();
            if (length < -1 || length > end - in.readerIndex()) {
                throw malformed("insufficient data left in message");
            }
            if (length >= 0) {
                values[i] = new byte[length];
                in.readBytes(values[i]);
            }
        }
        return new FrontendMessage.Bind(portal, statement, parameterFormats, values, formats(in, end));
    }

    private static short[] formats(ByteBuf in, int end) {
        int count = count(in, end, 2);
        short[] formats = new short[count];
        for (int i = 0; i < count; i++) {
            formats[i] = in.readShort();
            if (formats[i] != 0 && formats[i] != 1) {
                throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unsupported format code: " + formats[i]);
            }
        }
        return formats;
    }

    /** A 16-bit count of items of at least {@code itemBytes} each, which must be there. */
    private static int count(ByteBuf in, int end, int itemBytes) {
        int count = in.readUnsignedShort();
        if ((long) count * itemBytes > end - in.readerIndex()) {
            throw malformed("insufficient data left in message");
        }
        return count;
    }

    private static byte[] rest(ByteBuf in, int end) {
        byte[] data = new byte[end - in.readerIndex()];
        in.readBytes(data);
        return data;
    }

    /** A zero-terminated UTF-8 string that ends before {@code end}. */
    static String string(ByteBuf in, int end) {
        int start = in.readerIndex();
        int zero = in.indexOf(start, end, (byte) 0);
        if (zero < 0) {
            throw malformed("invalid string in message");
        }
        int length = zero - start;
        String text = length == 0 ? "" : decode(in, start, length);
        in.readerIndex(zero + 1);
        return text;
    }

    private static String decode(ByteBuf in, int start, int length) {
        byte[] bytes = new byte[length];
        in.getBytes(start, bytes);
        for (byte b : bytes) {
            if (b < 0) {
                return strict(bytes);
            }
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String strict(byte[] bytes) {
        return Utf8.decode(bytes);
    }
}
