package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/** inet and cidr. Stored form: the width, then 4 or 16 address bytes. */
final class InetOps extends ObjectOps {
    static final InetOps INET = new InetOps("inet");
    static final InetOps CIDR = new InetOps("cidr");

    private static final int WIRE_IPV4 = 2;
    private static final int WIRE_IPV6 = 3;

    private InetOps(String name) {
        super(name);
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return format((InetValue) value, this == CIDR);
    }

    /** The width is left out for hosts, unless {@code alwaysWidth}. */
    static String format(InetValue value, boolean alwaysWidth) {
        String address = value.isIpv6() ? formatIpv6(value.unsafeAddress()) : formatIpv4(value.unsafeAddress(), 0);
        return alwaysWidth || value.bits() != value.maxBits() ? address + "/" + value.bits() : address;
    }

    private static String formatIpv4(byte[] a, int from) {
        return (a[from] & 255) + "." + (a[from + 1] & 255) + "." + (a[from + 2] & 255) + "." + (a[from + 3] & 255);
    }

    private static String formatIpv6(byte[] address) {
        int[] words = new int[8];
        for (int i = 0; i < 8; i++) {
            words[i] = (address[2 * i] & 255) << 8 | address[2 * i + 1] & 255;
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && words[i + length] == 0) {
                length++;
            }
            if (length > bestLength) {
                bestStart = i;
                bestLength = length;
            }
            i += Math.max(length - 1, 0);
        }
        boolean embedded = bestStart == 0 && (bestLength == 6 || bestLength == 7 && words[7] != 1
                || bestLength == 5 && words[5] == 0xFFFF);
        StringBuilder out = new StringBuilder();
        int end = embedded ? 6 : 8;
        for (int i = 0; i < end; i++) {
            if (bestStart >= 0 && i >= bestStart && i < bestStart + bestLength) {
                out.append(i == bestStart ? ":" : "");
                continue;
            }
            out.append(i > 0 ? ":" : "").append(Integer.toHexString(words[i]));
        }
        if (embedded) {
            return out.append(':').append(formatIpv4(address, 12)).toString();
        }
        return bestStart >= 0 && bestStart + bestLength == 8 ? out.append(':').toString() : out.toString();
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        boolean ipv6 = address.indexOf(':') >= 0;
        byte[] bytes = ipv6 ? parseIpv6(address) : parseIpv4(address, this == CIDR || slash >= 0);
        int given = ipv6 ? 0 : address.split("\\.", -1).length;
        int bits = ipv6 ? 128 : this == CIDR ? classfulBits(bytes, given) : 32;
        if (bytes == null) {
            throw invalid(text);
        }
        if (slash >= 0) {
            String width = text.substring(slash + 1);
            if (!width.matches("[0-9]{1,3}") || Integer.parseInt(width) > bytes.length * 8) {
                throw invalid(text);
            }
            bits = Integer.parseInt(width);
        }
        InetValue value = new InetValue(bytes, bits);
        if (this == CIDR) {
            checkNetwork(value, text);
        }
        return value;
    }

    private void checkNetwork(InetValue value, String text) {
        if (!java.util.Arrays.equals(value.network(), value.unsafeAddress())) {
            throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid cidr value: \"" + text + "\"")
                    .withDetail("Value has bits set to right of mask.");
        }
    }

    /** Width of a cidr without one: the address class, widened to the octets written. */
    private static int classfulBits(byte[] bytes, int given) {
        if (bytes == null) {
            return 0;
        }
        int first = bytes[0] & 255;
        int bits = first >= 240 ? 32 : first >= 224 ? 8 : first >= 192 ? 24 : first >= 128 ? 16 : 8;
        return Math.max(bits, given * 8);
    }

    private SqlException invalid(String text) {
        return IntegerText.invalid(text, displayName());
    }

    private static byte[] parseIpv4(String text, boolean partial) {
        String[] parts = text.split("\\.", -1);
        if (parts.length > 4 || parts.length < 4 && !partial) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].matches("[0-9]{1,3}") || Integer.parseInt(parts[i]) > 255) {
                return null;
            }
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    private static byte[] parseIpv6(String text) {
        String address = text;
        byte[] bytes = new byte[16];
        int lastColon = address.lastIndexOf(':');
        if (address.indexOf('.') > 0) {
            byte[] tail = parseIpv4(address.substring(lastColon + 1), false);
            if (tail == null) {
                return null;
            }
            address = address.substring(0, lastColon + 1) + Integer.toHexString((tail[0] & 255) << 8 | tail[1] & 255)
                    + ":" + Integer.toHexString((tail[2] & 255) << 8 | tail[3] & 255);
        }
        int gap = address.indexOf("::");
        String[] head = gap < 0 ? address.split(":", -1)
                : gap == 0 ? new String[0] : address.substring(0, gap).split(":");
        String rest = gap < 0 ? "" : address.substring(gap + 2);
        String[] tail = rest.isEmpty() ? new String[0] : rest.split(":", -1);
        if (gap < 0 ? head.length != 8 : head.length + tail.length > 7) {
            return null;
        }
        for (int i = 0; i < head.length + tail.length; i++) {
            String word = i < head.length ? head[i] : tail[i - head.length];
            if (!word.matches("[0-9a-fA-F]{1,4}")) {
                return null;
            }
            int at = i < head.length ? i : 8 - tail.length + i - head.length;
            int value = Integer.parseInt(word, 16);
            bytes[2 * at] = (byte) (value >> 8);
            bytes[2 * at + 1] = (byte) value;
        }
        return bytes;
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        InetValue inet = (InetValue) value;
        out.writeByte(inet.isIpv6() ? WIRE_IPV6 : WIRE_IPV4);
        out.writeByte(inet.bits());
        out.writeByte(this == CIDR ? 1 : 0);
        out.writeByte(inet.unsafeAddress().length);
        out.writeBytes(inet.unsafeAddress());
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        int family = in.readByte();
        int bits = in.readByte() & 255;
        in.readByte();
        int length = in.readByte();
        if (family != WIRE_IPV4 && family != WIRE_IPV6) {
            throw invalidBinary("address family");
        }
        if (length != (family == WIRE_IPV4 ? 4 : 16)) {
            throw invalidBinary("length");
        }
        if (bits > length * 8) {
            throw invalidBinary("bits");
        }
        return new InetValue(in.readBytes(length), bits);
    }

    private SqlException invalidBinary(String part) {
        return new SqlException(SqlState.INVALID_BINARY_REPRESENTATION,
                "invalid " + part + " in external \"" + displayName() + "\" value");
    }

    @Override
    public byte[] encode(Object value) {
        InetValue inet = (InetValue) value;
        byte[] bytes = new byte[1 + inet.unsafeAddress().length];
        bytes[0] = (byte) inet.bits();
        System.arraycopy(inet.unsafeAddress(), 0, bytes, 1, bytes.length - 1);
        return bytes;
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return new InetValue(java.util.Arrays.copyOfRange(buffer, offset + 1, offset + length), buffer[offset] & 255);
    }

    @Override
    public int compare(Object a, Object b) {
        return ((InetValue) a).compareTo((InetValue) b);
    }
}
