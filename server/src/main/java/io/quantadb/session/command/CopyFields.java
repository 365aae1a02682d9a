package io.quantadb.session.command;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts the stream of a COPY FROM in text or CSV format into rows and fields, in place. Confined to one thread.
 *
 * <p>After {@link #next} returned true, field i lies in {@link #bytes} at {@code [start(i), end(i))}, escapes already resolved, until the
 * next call.
 */
final class CopyFields {
    private static final int UNESCAPED_MAX = 1 << 30;

    private final CopyFrom.Source source;
    private final CopyOptions options;
    private final boolean csv;
    private final byte delimiter;
    private final byte[] nullBytes;
    private byte[] buffer = new byte[0];
    private int at;
    private int limit;
    private boolean ended;
    private int lineStart;
    private int lineEnd;
    private long line;
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private boolean[] nulls = new boolean[16];
    private boolean[] quoted = new boolean[16];
    private int count;
    /** 0 unknown, '\n', or '\r' for CR LF. */
    private char lineFormat;

    CopyFields(CopyFrom.Source source, CopyOptions options) {
        this.source = source;
        this.options = options;
        csv = options.format() == CopyOptions.Format.CSV;
        delimiter = options.delimiter();
        nullBytes = options.nullText().getBytes(StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        return buffer;
    }

    int count() {
        return count;
    }

    int start(int field) {
        return starts[field];
    }

    int end(int field) {
        return ends[field];
    }

    /** Whether the field is the null string (in CSV: not quoted). */
    boolean isNull(int field) {
        return nulls[field];
    }

    boolean isQuoted(int field) {
        return quoted[field];
    }

    /** Whether the field's text equals the null string, quoted or not. */
    boolean equalsNullText(int field) {
        return Arrays.equals(buffer, starts[field], ends[field], nullBytes, 0, nullBytes.length);
    }

    /** Number of the current line, from 1. */
    long line() {
        return line;
    }

    /** The current line's text, shortened for a message. */
    String lineText() {
        String text = new String(buffer, lineStart, Math.max(0, lineEnd - lineStart), StandardCharsets.UTF_8);
        return limited(text);
    }

    static String limited(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }

    String text(int field) {
        return new String(buffer, starts[field], ends[field] - starts[field], StandardCharsets.UTF_8);
    }

    /** Gets more data behind what is there; false at the end of the stream. What is before {@code keep} may be dropped. */
    private boolean load(int keep) {
        if (ended) {
            return false;
        }
        byte[] chunk = source.next();
        while (chunk != null && chunk.length == 0) {
            chunk = source.next();
        }
        if (chunk == null) {
            ended = true;
            return false;
        }
        chunk = recode(chunk);
        int kept = limit - keep;
        if (kept == 0) {
            buffer = chunk;
            limit = chunk.length;
        } else {
            if ((long) kept + chunk.length > UNESCAPED_MAX) {
                throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "COPY line is too long");
            }
            byte[] joined = new byte[Math.max(kept + chunk.length, Math.min(kept * 2, UNESCAPED_MAX))];
            System.arraycopy(buffer, keep, joined, 0, kept);
            System.arraycopy(chunk, 0, joined, kept, chunk.length);
            buffer = joined;
            limit = kept + chunk.length;
        }
        return true;
    }

    private byte[] recode(byte[] chunk) {
        Charset encoding = options.encoding();
        if (encoding == StandardCharsets.UTF_8) {
            return chunk;
        }
        if (encoding.newEncoder().maxBytesPerChar() > 1) {
            throw SqlException.notSupported("COPY FROM with encoding " + encoding.name() + " is not supported");
        }
        return new String(chunk, encoding).getBytes(StandardCharsets.UTF_8);
    }

    /** Goes to the next row. @return false at the end of the data */
    boolean next() {
        while (true) {
            lineStart = at;
            if (at == limit) {
                if (!load(at)) {
                    return false;
                }
                at = 0;
                lineStart = 0;
            }
            int result = csv ? scanCsv() : scanText();
            if (result == COMPLETE) {
                line++;
                return !isEndMarker();
            }
            // The line goes on behind what is there.
            int keep = lineStart;
            if (!load(keep)) {
                return lastLine();
            }
            at = 0;
        }
    }

    private static final int COMPLETE = 0;
    private static final int INCOMPLETE = 1;

    /** The stream ended without a line end. */
    private boolean lastLine() {
        if (lineStart == limit) {
            return false;
        }
        byte[] closed = Arrays.copyOfRange(buffer, lineStart, limit + 1);
        closed[closed.length - 1] = '\n';
        buffer = closed;
        limit = closed.length;
        at = 0;
        lineStart = 0;
        lineFormat = '\n';
        int result = csv ? scanCsv() : scanText();
        line++;
        if (result != COMPLETE) {
            throw csv ? new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "unterminated CSV quoted field")
                    : new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "unexpected end of COPY data");
        }
        return !isEndMarker();
    }

    /** {@code \.} alone on a line ends the data; what follows is dropped. */
    private boolean isEndMarker() {
        if (lineEnd - lineStart == 2 && markerSeen) {
            while (load(limit)) {
                // Dropped.
            }
            return true;
        }
        return false;
    }

    private boolean markerSeen;

    private void field(int start, int end, boolean isQuoted) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
            nulls = Arrays.copyOf(nulls, count * 2);
            quoted = Arrays.copyOf(quoted, count * 2);
        }
        starts[count] = start;
        ends[count] = end;
        quoted[count] = isQuoted;
        count++;
    }

    /** The line's end without a CR that belongs to the line end. */
    private int withoutReturn(int end) {
        boolean carriageReturn = end > lineStart && buffer[end - 1] == '\r';
        if (lineFormat == 0) {
            lineFormat = carriageReturn ? '\r' : '\n';
        }
        if (lineFormat == '\r') {
            if (!carriageReturn) {
                throw newline("literal newline found in data", "unquoted newline found in data", "\\n", "newline");
            }
            return end - 1;
        }
        if (carriageReturn && !csv) {
            throw newline("literal carriage return found in data", "", "\\r", "carriage return");
        }
        if (carriageReturn) {
            throw newline("", "unquoted carriage return found in data", "\\r", "carriage return");
        }
        return end;
    }

    private SqlException newline(String textMessage, String csvMessage, String escape, String what) {
        return new SqlException(SqlState.BAD_COPY_FILE_FORMAT, csv ? csvMessage : textMessage)
                .withHint(csv ? "Use quoted CSV field to represent " + what + "."
                        : "Use \"" + escape + "\" to represent " + what + ".");
    }

    // ---- Text format

    private int scanText() {
        count = 0;
        markerSeen = false;
        byte[] b = buffer;
        int i = lineStart;
        int fieldStart = i;
        boolean escaped = false;
        byte delim = delimiter;
        int end = limit;
        while (i < end) {
            byte c = b[i];
            if (c == delim) {
                addText(fieldStart, i, escaped);
                escaped = false;
                fieldStart = ++i;
            } else if (c == '\n') {
                int stop = withoutReturn(i);
                lineEnd = stop;
                addText(fieldStart, stop, escaped);
                markerSeen = stop - lineStart == 2 && b[lineStart] == '\\' && b[lineStart + 1] == '.';
                at = i + 1;
                return COMPLETE;
            } else if (c == '\\') {
                escaped = true;
                i += 2;
            } else {
                i++;
            }
        }
        return INCOMPLETE;
    }

    private void addText(int start, int end, boolean escaped) {
        boolean isNull = end - start == nullBytes.length && Arrays.equals(buffer, start, end, nullBytes, 0, nullBytes.length);
        int stop = escaped && !isNull ? unescape(start, end) : end;
        field(start, stop, false);
        nulls[count - 1] = isNull;
    }

    /** Resolves backslashes in place. @return the new end */
    private int unescape(int start, int end) {
        byte[] b = buffer;
        if (end - start == 2 && b[start] == '\\' && b[start + 1] == '.') {
            return end;
        }
        int out = start;
        int i = start;
        while (i < end) {
            byte c = b[i++];
            if (c != '\\' || i >= end) {
                b[out++] = c;
                continue;
            }
            c = b[i++];
            switch (c) {
                case 'b' -> b[out++] = '\b';
                case 'f' -> b[out++] = '\f';
                case 'n' -> b[out++] = '\n';
                case 'r' -> b[out++] = '\r';
                case 't' -> b[out++] = '\t';
                case 'v' -> b[out++] = 0x0B;
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    int value = c - '0';
                    for (int digits = 1; digits < 3 && i < end && b[i] >= '0' && b[i] <= '7'; digits++) {
                        value = value << 3 | b[i++] - '0';
                    }
                    b[out++] = (byte) value;
                }
                case 'x' -> {
                    int digits = 0;
                    int value = 0;
                    while (digits < 2 && i < end && Character.digit(b[i], 16) >= 0) {
                        value = value << 4 | Character.digit(b[i++], 16);
                        digits++;
                    }
                    b[out++] = digits == 0 ? (byte) 'x' : (byte) value;
                }
                default -> b[out++] = c;
            }
        }
        return out;
    }

    // ---- CSV

    private int scanCsv() {
        count = 0;
        markerSeen = false;
        byte quote = options.quote();
        byte escape = options.escape();
        int i = lineStart;
        while (true) {
            int fieldStart = i;
            boolean isQuoted = false;
            boolean inQuotes = false;
            while (true) {
                if (i >= limit) {
                    return INCOMPLETE;
                }
                byte c = buffer[i];
                if (inQuotes) {
                    if (c == escape) {
                        if (i + 1 >= limit && !ended) {
                            return INCOMPLETE;
                        }
                        if (i + 1 < limit && (buffer[i + 1] == escape || buffer[i + 1] == quote)) {
                            i += 2;
                            continue;
                        }
                    }
                    inQuotes = c != quote;
                } else if (c == delimiter || c == '\n') {
                    break;
                } else if (c == quote) {
                    isQuoted = true;
                    inQuotes = true;
                }
                i++;
            }
            boolean endOfLine = buffer[i] == '\n';
            int stop = endOfLine ? withoutReturn(i) : i;
            addCsv(fieldStart, stop, isQuoted);
            i++;
            if (endOfLine) {
                lineEnd = stop;
                markerSeen = stop - lineStart == 2 && buffer[lineStart] == '\\' && buffer[lineStart + 1] == '.';
                at = i;
                return COMPLETE;
            }
        }
    }

    private void addCsv(int start, int end, boolean isQuoted) {
        field(start, end, isQuoted);
        nulls[count - 1] = !isQuoted && Arrays.equals(buffer, start, end, nullBytes, 0, nullBytes.length);
    }

    /** Resolves quotes and escapes of the fields of a CSV line; called once the line is complete. */
    void resolveQuotes() {
        for (int f = 0; f < count; f++) {
            if (quoted[f]) {
                ends[f] = unquote(starts[f], ends[f]);
            }
        }
    }

    private int unquote(int start, int end) {
        byte[] b = buffer;
        int out = start;
        boolean inQuotes = false;
        int i = start;
        while (i < end) {
            byte c = b[i];
            if (inQuotes && c == options.escape() && i + 1 < end
                    && (b[i + 1] == options.escape() || b[i + 1] == options.quote())) {
                b[out++] = b[i + 1];
                i += 2;
            } else if (c == options.quote()) {
                inQuotes = !inQuotes;
                i++;
            } else {
                b[out++] = c;
                i++;
            }
        }
        return out;
    }
}
