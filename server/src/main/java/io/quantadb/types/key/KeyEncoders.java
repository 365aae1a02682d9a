package io.quantadb.types.key;

import io.quantadb.types.ArrayOps;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.BitString;
import io.quantadb.types.ByteString;
import io.quantadb.types.EnumLabels;
import io.quantadb.types.EnumOps;
import io.quantadb.types.InetValue;
import io.quantadb.types.Interval;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import io.quantadb.types.MultirangeOps;
import io.quantadb.types.MultirangeValue;
import io.quantadb.types.RangeOps;
import io.quantadb.types.RangeValue;
import io.quantadb.types.RecordOps;
import io.quantadb.types.RowValue;
import io.quantadb.types.TidValue;
import io.quantadb.types.TimeTz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The encodings, one small class a family of types. */
final class KeyEncoders {
    private static final KeyEncoder BOOL = new BoolKey();
    private static final KeyEncoder FLOAT8 = new FloatKey(8);
    private static final KeyEncoder FLOAT4 = new FloatKey(4);
    private static final KeyEncoder TEXT = new TextKey(false);
    private static final KeyEncoder BPCHAR = new TextKey(true);
    private static final KeyEncoder[] SIGNED = {null, null, new LongKey(2, false), null, new LongKey(4, false), null,
        null, null, new LongKey(8, false)};
    private static final KeyEncoder UNSIGNED4 = new LongKey(4, true);
    private static final KeyEncoder UNSIGNED8 = new LongKey(8, true);

    private KeyEncoders() {
    }

    static KeyEncoder find(PgType type, int typmod) {
        if (!type.ops().ordered()) {
            return null;
        }
        if (type.ops() instanceof EnumOps ops) {
            return new EnumKey(ops.labels());
        }
        if (type.ops() instanceof ArrayOps ops) {
            return new ArrayKey(ops, of(ops.element(), typmod));
        }
        if (type.ops() instanceof MultirangeOps ops) {
            return new MultirangeKey(ops, new RangeKey(ops.range(), of(ops.range().subtype(), -1)));
        }
        if (type.ops() instanceof RangeOps ops) {
            return new RangeKey(ops, of(ops.subtype(), -1));
        }
        if (type.ops() instanceof RecordOps) {
            return new RowKey();
        }
        return switch (type.kind()) {
            case BOOL -> BOOL;
            case DOUBLE -> type.storageWidth() == 4 ? FLOAT4 : FLOAT8;
            case LONG -> type.oid() == Oids.XID8 || type.oid() == Oids.PG_LSN ? UNSIGNED8
                    : type.unsigned() ? UNSIGNED4 : SIGNED[type.storageWidth()];
            case OBJECT -> findObject(type, typmod);
        };
    }

    private static KeyEncoder of(PgType type, int typmod) {
        return KeyEncoder.of(type, typmod);
    }

    private static KeyEncoder findObject(PgType type, int typmod) {
        // By the shape of the operations, so that domains find their base type's encoding.
        return switch (type.ops().displayName()) {
            case "\"char\"" -> new CharKey();
            case "text", "character varying", "name", "unknown", "cstring", "refcursor" -> TEXT;
            case "character" -> BPCHAR;
            case "numeric" -> new NumericKey(typmod);
            case "bytea" -> new ByteaKey();
            case "uuid" -> new UuidKey();
            case "interval" -> new IntervalKey();
            case "time with time zone" -> new TimeTzKey();
            case "tid" -> new TidKey();
            case "jsonb" -> new JsonKey();
            case "bit", "bit varying" -> new BitKey();
            case "macaddr" -> new FixedBytesKey(6);
            case "macaddr8" -> new FixedBytesKey(8);
            case "inet", "cidr" -> new InetKey();
            default -> null;
        };
    }

    /** One byte. */
    private static final class BoolKey extends KeyEncoder {
        @Override
        public PhysicalKind kind() {
            return PhysicalKind.BOOL;
        }

        @Override
        void put(Object value, KeyBuffer out) {
            out.putByte((Boolean) value ? 1 : 0);
        }

        @Override
        void putLong(long value, KeyBuffer out) {
            out.putByte((int) value);
        }

        @Override
        Object get(KeyReader in) {
            return in.readByte() != 0;
        }

        @Override
        long getLong(KeyReader in) {
            return in.readByte();
        }
    }

    /** Big-endian of the type's width, the sign bit inverted unless the type is unsigned. */
    private static final class LongKey extends KeyEncoder {
        private final int width;
        private final boolean unsigned;

        LongKey(int width, boolean unsigned) {
            this.width = width;
            this.unsigned = unsigned;
        }

        @Override
        public PhysicalKind kind() {
            return PhysicalKind.LONG;
        }

        @Override
        void put(Object value, KeyBuffer out) {
            putLong((Long) value, out);
        }

        @Override
        void putLong(long value, KeyBuffer out) {
            switch (width) {
                case 2 -> out.putShort((int) value ^ 0x8000);
                case 4 -> out.putInt(unsigned ? (int) value : (int) value ^ Integer.MIN_VALUE);
                default -> out.putLong(unsigned ? value : value ^ Long.MIN_VALUE);
            }
        }

        @Override
        Object get(KeyReader in) {
            return getLong(in);
        }

        @Override
        long getLong(KeyReader in) {
            return switch (width) {
                case 2 -> (short) (in.readShort() ^ 0x8000);
                case 4 -> unsigned ? in.readInt() & 0xFFFF_FFFFL : in.readInt() ^ Integer.MIN_VALUE;
                default -> unsigned ? in.readLong() : in.readLong() ^ Long.MIN_VALUE;
            };
        }
    }

    /**
     * IEEE bits made monotonic: negative numbers inverted, others with the sign bit set. -0 becomes 0, NaN is
     * largest.
     */
    private static final class FloatKey extends KeyEncoder {
        private final int width;

        FloatKey(int width) {
            this.width = width;
        }

        @Override
        public PhysicalKind kind() {
            return PhysicalKind.DOUBLE;
        }

        /** -0.0 comes back as 0.0. */
        @Override
        public boolean decodable() {
            return false;
        }

        @Override
        void put(Object value, KeyBuffer out) {
            putDouble((Double) value, out);
        }

        @Override
        void putDouble(double value, KeyBuffer out) {
            double normal = value == 0 ? 0 : value;
            if (width == 4) {
                int bits = Float.floatToIntBits((float) normal);
                out.putInt(bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE);
            } else {
                long bits = Double.doubleToLongBits(normal);
                out.putLong(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
            }
        }

        @Override
        Object get(KeyReader in) {
            if (width == 4) {
                int bits = in.readInt();
                return (double) Float.intBitsToFloat(bits < 0 ? bits ^ Integer.MIN_VALUE : ~bits);
            }
            long bits = in.readLong();
            return Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
        }
    }

    static void putText(String text, KeyBuffer out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putBytes(bytes, 0, bytes.length);
        out.putByte(0);
    }

    static String getText(KeyReader in) {
        KeyBuffer bytes = new KeyBuffer();
        for (int b = in.readByte(); b != 0; b = in.readByte()) {
            bytes.putByte(b);
        }
        return new String(bytes.array(), 0, bytes.length(), StandardCharsets.UTF_8);
    }

    /** UTF-8 and a zero byte, which text cannot contain. */
    private static final class TextKey extends KeyEncoder {
        private final boolean trim;

        TextKey(boolean trim) {
            this.trim = trim;
        }

        @Override
        public boolean decodable() {
            return !trim;
        }

        @Override
        void put(Object value, KeyBuffer out) {
            String text = (String) value;
            int end = text.length();
            while (trim && end > 0 && text.charAt(end - 1) == ' ') {
                end--;
            }
            putText(end == text.length() ? text : text.substring(0, end), out);
        }

        @Override
        Object get(KeyReader in) {
            return getText(in);
        }
    }

    /** The one byte of {@code "char"}, whose values above 127 are printed with a backslash and octal digits. */
    private static final class CharKey extends KeyEncoder {
        @Override
        void put(Object value, KeyBuffer out) {
            String text = (String) value;
            out.putByte(text.isEmpty() ? 0 : text.length() == 1 ? text.charAt(0)
                    : Integer.parseInt(text.substring(1), 8));
        }

        @Override
        Object get(KeyReader in) {
            int value = in.readByte();
            return value == 0 ? "" : value < 128 ? String.valueOf((char) value) : "\\" + Integer.toOctalString(value);
        }
    }

    static void putEscaped(byte[] bytes, KeyBuffer out) {
        for (byte b : bytes) {
            out.putByte(b);
            if (b == 0) {
                out.putByte(0xFF);
            }
        }
        out.putByte(0);
        out.putByte(0);
    }

    static byte[] getEscaped(KeyReader in) {
        KeyBuffer bytes = new KeyBuffer();
        while (true) {
            int b = in.readByte();
            if (b == 0 && in.readByte() == 0) {
                return bytes.toByteArray();
            }
            bytes.putByte(b);
        }
    }

    /** Zero bytes become 0x00 0xFF; 0x00 0x00 ends. */
    private static final class ByteaKey extends KeyEncoder {
        @Override
        void put(Object value, KeyBuffer out) {
            putEscaped(((ByteString) value).unsafeArray(), out);
        }

        @Override
        Object get(KeyReader in) {
            return ByteString.wrap(getEscaped(in));
        }
    }

    /** Its sixteen bytes. */
    private static final class UuidKey extends KeyEncoder {
        @Override
        void put(Object value, KeyBuffer out) {
            out.putLong(((UUID) value).getMostSignificantBits());
            out.putLong(((UUID) value).getLeastSignificantBits());
        }

        @Override
        Object get(KeyReader in) {
            return new UUID(in.readLong(), in.readLong());
        }
    }

    /** Days of the comparison value, then its rest in microseconds; the three parts are lost. */
    private static final class IntervalKey extends KeyEncoder {
        @Override
        public boolean decodable() {
            return false;
        }

        @Override
        void put(Object value, KeyBuffer out) {
            out.putLong(((Interval) value).orderHigh() ^ Long.MIN_VALUE);
            out.putLong(((Interval) value).orderLow());
        }

        @Override
        Object get(KeyReader in) {
            long days = in.readLong() ^ Long.MIN_VALUE;
            long micros = in.readLong();
            return new Interval((int) (days / 30), (int) (days % 30), micros);
        }
    }

    /** The instant in UTC, then the zone. */
    private static final class TimeTzKey extends KeyEncoder {
        @Override
        void put(Object value, KeyBuffer out) {
            out.putLong(((TimeTz) value).utcMicros() ^ Long.MIN_VALUE);
            out.putInt(((TimeTz) value).zoneSeconds() ^ Integer.MIN_VALUE);
        }

        @Override
        Object get(KeyReader in) {
            long utc = in.readLong() ^ Long.MIN_VALUE;
            int zone = in.readInt() ^ Integer.MIN_VALUE;
            return new TimeTz(utc - zone * 1_000_000L, zone);
        }
    }

    /** Block and offset. */
    private static final class TidKey extends KeyEncoder {
        @Override
        void put(Object value, KeyBuffer out) {
            out.putInt((int) ((TidValue) value).block());
            out.putShort(((TidValue) value).offset());
        }

        @Override
        Object get(KeyReader in) {
            return new TidValue(in.readInt() & 0xFFFF_FFFFL, in.readShort() & 0xFFFF);
        }
    }

    /** A fixed number of bytes. */
    private static final class FixedBytesKey extends KeyEncoder {
        private final int width;

        FixedBytesKey(int width) {
            this.width = width;
        }

        @Override
        void put(Object value, KeyBuffer out) {
            out.putBytes(((ByteString) value).unsafeArray(), 0, width);
        }

        @Override
        Object get(KeyReader in) {
            byte[] bytes = new byte[width];
            for (int i = 0; i < width; i++) {
                bytes[i] = (byte) in.readByte();
            }
            return ByteString.wrap(bytes);
        }
    }

    /** The bytes, escaped as bytea, then the number of bits. */
    private static final class BitKey extends KeyEncoder {
        @Override
        void put(Object value, KeyBuffer out) {
            putEscaped(((BitString) value).unsafeArray(), out);
            out.putInt(((BitString) value).length());
        }

        @Override
        Object get(KeyReader in) {
            byte[] bytes = getEscaped(in);
            return BitString.wrap(bytes, in.readInt());
        }
    }

    /**
     * Family, then the network's bits one by one as far as they go, then the whole address.
     *
     * <p>A network bit is a byte 1 or 2 and the end a byte 0, so that of two networks with a common prefix the shorter
     * one comes first.
     */
    private static final class InetKey extends KeyEncoder {
        @Override
        void put(Object value, KeyBuffer out) {
            InetValue inet = (InetValue) value;
            out.putByte(inet.isIpv6() ? 6 : 4);
            byte[] address = inet.unsafeAddress();
            for (int i = 0; i < inet.bits(); i++) {
                out.putByte(1 + (address[i / 8] >> 7 - i % 8 & 1));
            }
            out.putByte(0);
            out.putBytes(address, 0, address.length);
        }

        @Override
        Object get(KeyReader in) {
            byte[] address = new byte[in.readByte() == 6 ? 16 : 4];
            int bits = 0;
            while (in.readByte() != 0) {
                bits++;
            }
            for (int i = 0; i < address.length; i++) {
                address[i] = (byte) in.readByte();
            }
            return new InetValue(address, bits);
        }
    }

    /** The label's sort order as a float, then its oid. Valid while sort orders of existing labels do not change. */
    private static final class EnumKey extends KeyEncoder {
        private final EnumLabels labels;

        EnumKey(EnumLabels labels) {
            this.labels = labels;
        }

        @Override
        public PhysicalKind kind() {
            return PhysicalKind.LONG;
        }

        @Override
        void put(Object value, KeyBuffer out) {
            putLong((Long) value, out);
        }

        @Override
        void putLong(long value, KeyBuffer out) {
            FLOAT4.putDouble(labels.sortOrder(value), out);
            out.putInt((int) value);
        }

        @Override
        Object get(KeyReader in) {
            in.readInt();
            return in.readInt() & 0xFFFF_FFFFL;
        }
    }

    /**
     * Elements, each behind a byte (1 value, 2 NULL), 0 at the end; then the dimensions, their lengths and lower
     * bounds.
     */
    private static final class ArrayKey extends KeyEncoder {
        private final ArrayOps ops;
        private final KeyEncoder element;

        ArrayKey(ArrayOps ops, KeyEncoder element) {
            this.ops = ops;
            this.element = element;
        }

        @Override
        public boolean decodable() {
            return element.decodable();
        }

        @Override
        void put(Object value, KeyBuffer out) {
            ArrayValue array = (ArrayValue) value;
            for (Object item : array.elements()) {
                out.putByte(item == null ? 2 : 1);
                if (item != null) {
                    element.put(item, out);
                }
            }
            out.putByte(0);
            out.putByte(array.dimensionCount());
            for (int dimension : array.dimensions()) {
                out.putInt(dimension ^ Integer.MIN_VALUE);
            }
            for (int bound : array.lowerBounds()) {
                out.putInt(bound ^ Integer.MIN_VALUE);
            }
        }

        @Override
        Object get(KeyReader in) {
            java.util.List<Object> elements = new java.util.ArrayList<>();
            for (int marker = in.readByte(); marker != 0; marker = in.readByte()) {
                elements.add(marker == 2 ? null : element.get(in));
            }
            int[] dimensions = new int[in.readByte()];
            int[] lowerBounds = new int[dimensions.length];
            for (int i = 0; i < dimensions.length; i++) {
                dimensions[i] = in.readInt() ^ Integer.MIN_VALUE;
            }
            for (int i = 0; i < dimensions.length; i++) {
                lowerBounds[i] = in.readInt() ^ Integer.MIN_VALUE;
            }
            return new ArrayValue(ops.element(), dimensions, lowerBounds, elements.toArray());
        }
    }

    /**
     * 0 if empty, else 1, then the bounds: lower 0 for none or 1, value, 0 inclusive or 1 exclusive; upper 2 for none
     * or 1,
     * value, 0 exclusive or 1 inclusive.
     */
    private static final class RangeKey extends KeyEncoder {
        private final RangeOps ops;
        private final KeyEncoder bound;

        RangeKey(RangeOps ops, KeyEncoder bound) {
            this.ops = ops;
            this.bound = bound;
        }

        @Override
        public boolean decodable() {
            return bound.decodable();
        }

        @Override
        void put(Object value, KeyBuffer out) {
            RangeValue range = (RangeValue) value;
            out.putByte(range.isEmpty() ? 0 : 1);
            if (range.isEmpty()) {
                return;
            }
            out.putByte(range.lower() == null ? 0 : 1);
            if (range.lower() != null) {
                bound.put(range.lower(), out);
                out.putByte(range.lowerInclusive() ? 0 : 1);
            }
            out.putByte(range.upper() == null ? 2 : 1);
            if (range.upper() != null) {
                bound.put(range.upper(), out);
                out.putByte(range.upperInclusive() ? 1 : 0);
            }
        }

        @Override
        Object get(KeyReader in) {
            if (in.readByte() == 0) {
                return RangeValue.empty(ops.subtype());
            }
            Object lower = null;
            Object upper = null;
            boolean lowerInclusive = false;
            boolean upperInclusive = false;
            if (in.readByte() == 1) {
                lower = bound.get(in);
                lowerInclusive = in.readByte() == 0;
            }
            if (in.readByte() == 1) {
                upper = bound.get(in);
                upperInclusive = in.readByte() == 1;
            }
            return RangeValue.of(ops.subtype(), lower, lowerInclusive, upper, upperInclusive);
        }
    }

    /** 1 before each range, 0 at the end. */
    private static final class MultirangeKey extends KeyEncoder {
        private final MultirangeOps ops;
        private final RangeKey range;

        MultirangeKey(MultirangeOps ops, RangeKey range) {
            this.ops = ops;
            this.range = range;
        }

        @Override
        public boolean decodable() {
            return range.decodable();
        }

        @Override
        void put(Object value, KeyBuffer out) {
            for (RangeValue each : ((MultirangeValue) value).ranges()) {
                out.putByte(1);
                range.put(each, out);
            }
            out.putByte(0);
        }

        @Override
        Object get(KeyReader in) {
            List<RangeValue> ranges = new ArrayList<>();
            while (in.readByte() == 1) {
                ranges.add((RangeValue) range.get(in));
            }
            return MultirangeValue.of(ops.range().subtype(), ranges);
        }
    }

    /** Fields as array elements, by the types the value carries. */
    private static final class RowKey extends KeyEncoder {
        @Override
        public boolean decodable() {
            return false;
        }

        @Override
        void put(Object value, KeyBuffer out) {
            RowValue row = (RowValue) value;
            for (int i = 0; i < row.size(); i++) {
                Object field = row.get(i);
                out.putByte(field == null ? 2 : 1);
                if (field != null) {
                    KeyEncoder.of(row.type(i)).put(field, out);
                }
            }
            out.putByte(0);
        }

        @Override
        Object get(KeyReader in) {
            throw io.quantadb.base.Invariant.broken("a row key cannot be decoded, at byte %s", in.position());
        }
    }
}
