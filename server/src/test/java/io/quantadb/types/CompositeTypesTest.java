package io.quantadb.types;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.error.SqlException;
import io.quantadb.types.json.JsonParser;
import io.quantadb.types.key.KeyBuffer;
import io.quantadb.types.key.KeyEncoder;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Goal: enums, domains, composite types, arrays of them, and malformed binary data. Method: hand-made types; expected
 * texts and bytes were read off PostgreSQL 15 with {@code create type mood as enum ('sad', 'ok', 'happy')}, {@code
 * create type pair as (a int, b text)}.
 */
class CompositeTypesTest {
    private static final String[] LABELS = {"sad", "ok", "happy"};

    private static final EnumLabels MOODS = new EnumLabels() {
        @Override
        public String label(long oid) {
            return oid < 100 || oid > 102 ? null : LABELS[(int) oid - 100];
        }

        @Override
        public long oid(String label) {
            int index = Arrays.asList(LABELS).indexOf(label);
            return index < 0 ? -1 : 100 + index;
        }

        @Override
        public float sortOrder(long oid) {
            return oid == 102 ? 1.5f : oid - 99; // happy was added before ok
        }
    };

    private static final RowFields PAIR_FIELDS = new RowFields() {
        @Override
        public int count() {
            return 2;
        }

        @Override
        public PgType type(int field) {
            return field == 0 ? BuiltinTypes.INT4 : BuiltinTypes.TEXT;
        }

        @Override
        public int typmod(int field) {
            return -1;
        }
    };

    private final PgType mood = PgType.enumType(20_000, "mood", 20_001, MOODS);
    private final PgType moods = PgType.arrayType(20_001, "_mood", mood);
    private final PgType pair = PgType.compositeType(20_010, "pair", 20_011, PAIR_FIELDS);
    private final PgType pairs = PgType.arrayType(20_011, "_pair", pair);

    private static String roundTrip(PgType type, String text) {
        Object value = type.ops().fromText(text, -1, TextContext.DEFAULT);
        byte[] stored = type.ops().encode(value);
        assertEquals(value, type.ops().decode(stored, 0, stored.length));
        ByteArraySink wire = new ByteArraySink();
        type.ops().writeBinary(value, wire);
        assertEquals(value, type.ops().fromBinary(wire.toByteArray(), -1));
        return type.ops().toText(value, TextContext.DEFAULT);
    }

    private static String error(PgType type, String text) {
        return GoldenFile.describe(assertThrows(SqlException.class,
                () -> type.ops().fromText(text, -1, TextContext.DEFAULT)));
    }

    @Test
    void shouldReadAndOrderEnums() {
        assertEquals("{happy,NULL,sad}", roundTrip(moods, "{happy,null,sad}"));
        assertEquals("!22P02 invalid input value for enum mood: \"x\"", error(mood, "x"));
        assertTrue(mood.ops().compare(102L, 101L) < 0 && mood.ops().compare(102L, 100L) > 0);
        KeyEncoder keys = KeyEncoder.of(mood);
        KeyBuffer happy = new KeyBuffer();
        KeyBuffer ok = new KeyBuffer();
        keys.encode(102L, false, false, happy);
        keys.encode(101L, false, false, ok);
        assertTrue(Arrays.compareUnsigned(happy.toByteArray(), ok.toByteArray()) < 0);
    }

    @Test
    void shouldReadAndPrintComposites() {
        assertEquals("(1,abc)", roundTrip(pair, "(1,abc)"));
        assertEquals("(1,)", roundTrip(pair, "(1,)"));
        assertEquals("(,\"\")", roundTrip(pair, " (,\"\") "));
        assertEquals("(1,\"a \"\"b\"\" c\")", roundTrip(pair, "(1,\"a \"\"b\\\" c\")"));
        assertEquals("{\"(1,a)\",NULL,\"(2,\\\"x,y\\\")\"}", roundTrip(pairs, "{\"(1,a)\",NULL,\"(2,\\\"x,y\\\")\"}"));
        assertEquals("!22P02 malformed record literal: \"1,2\"|Missing left parenthesis.", error(pair, "1,2"));
        assertEquals("!22P02 malformed record literal: \"(1)\"|Too few columns.", error(pair, "(1)"));
        assertEquals("!22P02 malformed record literal: \"(1,2,3)\"|Too many columns.", error(pair, "(1,2,3)"));
        assertEquals("!22P02 malformed record literal: \"(1,2)x\"|Junk after right parenthesis.",
                error(pair, "(1,2)x"));
        assertEquals("!22P02 malformed record literal: \"(1,2\"|Unexpected end of input.", error(pair, "(1,2"));
    }

    @Test
    void shouldSendCompositesLikePostgres() {
        // select encode(record_send(row(1, 'a')::pair), 'hex')
        ByteArraySink wire = new ByteArraySink();
        pair.ops().writeBinary(pair.ops().fromText("(1,a)", -1, TextContext.DEFAULT), wire);
        assertEquals("0000000200000017000000040000000100000019" + "0000000161",
                HexFormat.of().formatHex(wire.toByteArray()));
    }

    @Test
    void shouldOrderNullsLastInsideRows() {
        Object one = pair.ops().fromText("(1,)", -1, TextContext.DEFAULT);
        Object other = pair.ops().fromText("(1,zzz)", -1, TextContext.DEFAULT);
        assertTrue(pair.ops().compare(one, other) > 0);
    }

    @Test
    void shouldTreatDomainsAsTheirBase() {
        PgType domain = PgType.domainType(20_020, "positive", 0, BuiltinTypes.INT4);
        assertEquals(PhysicalKind.LONG, domain.kind());
        assertEquals(42L, domain.ops().fromText("42", -1, TextContext.DEFAULT));
        assertTrue(KeyEncoder.of(domain).decodable());
    }

    @Test
    void shouldRefuseMalformedBinaryData() {
        assertBinary("22P03", "int4", "0000000100");
        assertBinary("08P01", "int4", "0000");
        assertBinary("22021", "text", "ff");
        assertBinary("22021", "text", "6100");
        assertBinary("22P03", "numeric", "00010000100000000001");
        assertBinary("22P03", "numeric", "0001000000000000" + "7fff");
        assertBinary("22P03", "_int4", "000000010000000500000017");
        assertBinary("42804", "_int4", "00000001000000000000001900000001000000010000000161");
        assertBinary("08P01", "_int4", "00000001000000000000001700000005000000010000000400000001");
        assertBinary("XX000", "jsonb", "0231");
        assertBinary("22008", "date", "7ffffffe");
        assertBinary("22008", "time", "7fffffffffffffff");
        assertBinary("54000", "_int4", "000000010000000000000017" + "7fffffff" + "00000001");
    }

    private static void assertBinary(String code, String type, String hex) {
        SqlException e = assertThrows(SqlException.class,
                () -> BuiltinTypes.findByName(type).ops().fromBinary(HexFormat.of().parseHex(hex), -1), type + hex);
        assertEquals(code, e.code(), e.getMessage());
    }

    @Test
    void shouldSayWhereJsonIsBroken() {
        SqlException e = assertThrows(SqlException.class, () -> JsonParser.validate("{\"a\":\n 1, x}"));
        assertEquals("JSON data, line 2:  1, x...", e.where());
        SqlException end = assertThrows(SqlException.class, () -> JsonParser.validate("[1,"));
        assertEquals("JSON data, line 1: [1,", end.where());
        assertEquals("The input string ended unexpectedly.", end.detail());
    }

    @Test
    void shouldWalkTheDeepestJsonAllowed() {
        String deepest = "[".repeat(1000) + "]".repeat(1000);
        Object value = BuiltinTypes.JSONB.ops().fromText(deepest, -1, TextContext.DEFAULT);
        assertEquals(deepest, roundTrip(BuiltinTypes.JSONB, deepest));
        KeyBuffer key = new KeyBuffer();
        KeyEncoder.of(BuiltinTypes.JSONB).encode(value, false, false, key);
        assertEquals(value.hashCode(), JsonParser.parse(deepest).hashCode());
        assertEquals("54001", assertThrows(SqlException.class, () -> JsonParser.parse("[" + deepest + "]")).code());
    }

    @Test
    void shouldRefuseUnsupportedTypesByName() {
        SqlException e = assertThrows(SqlException.class,
                () -> BuiltinTypes.findByName("polygon").ops().fromText("((1,2))", -1, TextContext.DEFAULT));
        assertEquals("0A000", e.code());
        assertEquals("type polygon is not supported", e.getMessage());
        SqlException noOrder = assertThrows(SqlException.class, () -> KeyEncoder.of(BuiltinTypes.JSON));
        assertEquals("42704", noOrder.code());
    }

    @Test
    void shouldAddressArraysBySubscript() {
        ArrayValue array = (ArrayValue) BuiltinTypes.arrayOf(Oids.INT4).ops()
                .fromText("[0:1][2:3]={{1,2},{3,4}}", -1, TextContext.DEFAULT);
        assertEquals(3L, array.getSubscript(1, 2));
        assertNull(array.getSubscript(2, 2));
        assertNull(array.getSubscript(1));
    }
}
