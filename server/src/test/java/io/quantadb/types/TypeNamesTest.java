package io.quantadb.types;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quantadb.error.SqlException;

import org.junit.jupiter.api.Test;

/** Goal: type names and modifiers print as {@code format_type} does. Expected values: PostgreSQL 15. */
class TypeNamesTest {
    private static String name(String sql) {
        TestTypes.Typed typed = TestTypes.resolve(sql);
        return TypeNames.formatType(typed.type(), typed.typmod());
    }

    @Test
    void shouldFormatNamesAndModifiers() {
        assertEquals("numeric(10,2)", name("numeric(10,2)"));
        assertEquals("numeric(3,-2)", name("numeric(3,-2)"));
        assertEquals("numeric(5,0)", name("numeric(5)"));
        assertEquals("character varying(20)", name("varchar(20)"));
        assertEquals("character(3)", name("char(3)"));
        assertEquals("character varying(20)[]", name("varchar(20)[]"));
        assertEquals("timestamp(3) without time zone", name("timestamp(3)"));
        assertEquals("time(0) with time zone", name("timetz(0)"));
        assertEquals("timestamp with time zone", name("timestamptz"));
        assertEquals("interval day to second(2)", name("interval day to second(2)"));
        assertEquals("interval(1)", name("interval(1)"));
        assertEquals("interval year to month", name("interval year to month"));
        assertEquals("bit(3)", name("bit(3)"));
        assertEquals("bit varying(7)", name("varbit(7)"));
        assertEquals("double precision[]", name("double precision[]"));
        assertEquals("\"char\"", name("\"char\""));
        assertEquals("int2vector", name("int2vector"));
        assertEquals("bpchar", TypeNames.formatType(Oids.BPCHAR, -1));
        assertEquals("character", TypeNames.formatTypeName(BuiltinTypes.BPCHAR));
        assertEquals("???", TypeNames.formatType(99999, -1));
        assertEquals("-", TypeNames.formatType(0, -1));
    }

    @Test
    void shouldRefuseImpossibleModifiers() {
        assertMessage("NUMERIC precision 1001 must be between 1 and 1000", () -> name("numeric(1001)"));
        assertMessage("NUMERIC scale 1001 must be between -1000 and 1000", () -> name("numeric(5,1001)"));
        assertMessage("invalid NUMERIC type modifier", () -> name("numeric(1,2,3)"));
        assertMessage("length for type varchar must be at least 1", () -> name("varchar(0)"));
        assertMessage("length for type varchar cannot exceed 10485760", () -> name("varchar(10485761)"));
        assertMessage("length for type char must be at least 1", () -> name("char(0)"));
        assertMessage("TIMESTAMP(-1) precision must not be negative", () -> name("timestamp(-1)"));
        assertMessage("type modifier is not allowed for type \"integer\"", () -> name("integer(3)"));
    }

    private static void assertMessage(String message, Runnable action) {
        assertEquals(message, assertThrows(SqlException.class, action::run).getMessage());
    }

    @Test
    void shouldLinkArraysAndElements() {
        for (PgType type : BuiltinTypes.all()) {
            if (type.arrayOid() != 0) {
                PgType array = BuiltinTypes.find(type.arrayOid());
                assertNotNull(array, type + " has no array type");
                assertEquals(type, array.arrayOps().element());
                assertEquals(type.oid(), array.elementOid());
            }
        }
        assertEquals(Oids.INT4_ARRAY, BuiltinTypes.arrayOf(Oids.INT4).oid());
    }
}
