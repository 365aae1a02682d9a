package io.quantadb.it.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** One message from the server: its type byte and its body without the length. */
public record WireMessage(char type, byte[] body) {

    /** A cursor over the body, big-endian as the protocol is. */
    public ByteBuffer reader() {
        return ByteBuffer.wrap(body);
    }

    /** The fields of an ErrorResponse or NoticeResponse, in the order sent. */
    public Map<Character, String> fields() {
        Map<Character, String> fields = new LinkedHashMap<>();
        ByteBuffer in = reader();
        for (byte code = in.get(); code != 0; code = in.get()) {
            fields.put((char) code, cstring(in));
        }
        return fields;
    }

    /** The zero-terminated string at the cursor, which moves behind it. */
    public static String cstring(ByteBuffer in) {
        int start = in.position();
        int end = start;
        while (in.get(end) != 0) {
            end++;
        }
        in.position(end + 1);
        return new String(in.array(), start, end - start, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return type == 'E' || type == 'N' ? type + " " + fields() : type + " (" + body.length + " bytes)";
    }
}
