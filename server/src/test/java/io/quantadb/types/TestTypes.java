package io.quantadb.types;

import io.quantadb.types.datetime.IntervalRange;
import io.quantadb.types.datetime.SessionTimeZone;

import java.util.Locale;
import java.util.Map;

/** Resolves the SQL type names of the golden files. */
public final class TestTypes {
    private static final Map<String, String> NAMES = Map.ofEntries(Map.entry("smallint", "int2"),
            Map.entry("integer", "int4"), Map.entry("bigint", "int8"), Map.entry("real", "float4"),
            Map.entry("double precision", "float8"), Map.entry("boolean", "bool"), Map.entry("\"char\"", "char"),
            Map.entry("char", "bpchar"));

    /** {@code assigned} tells whether the golden value came from an assignment or from an explicit cast. */
    public record Typed(PgType type, int typmod, boolean assigned) {
        public Object read(String text, TextContext ctx) {
            if (assigned || type.oid() == Oids.INTERVAL) {
                return type.ops().fromText(text, typmod, ctx);
            }
            return type.ops().applyTypmod(type.ops().fromText(text, -1, ctx), typmod, true);
        }
    }

    private TestTypes() {
    }

    /** A trailing exclamation mark means assignment. */
    public static Typed resolve(String label) {
        boolean assigned = label.endsWith("!");
        String sqlName = assigned ? label.substring(0, label.length() - 1) : label;
        boolean array = sqlName.endsWith("[]");
        String name = array ? sqlName.substring(0, sqlName.length() - 2) : sqlName;
        String[] arguments = null;
        int open = name.indexOf('(');
        if (open >= 0) {
            arguments = name.substring(open + 1, name.length() - 1).split(",");
            name = name.substring(0, open);
        }
        int typmod = -1;
        if (name.startsWith("interval")) {
            typmod = IntervalRange.typmod(name.substring(8).trim(), arguments == null ? -1
                    : Integer.parseInt(arguments[0]));
            name = "interval";
        } else {
            name = NAMES.getOrDefault(name, name);
            if (name.equals("bit") && arguments == null) {
                arguments = new String[] {"1"};
            }
            if (arguments != null) {
                typmod = BuiltinTypes.findByName(name).ops().parseTypmod(arguments);
            }
        }
        return new Typed(BuiltinTypes.findByName(array ? "_" + name : name), typmod, assigned);
    }

    /** {@code "SQL,DMY|postgres|UTC|1|hex"}. */
    public static TextContext context(String settings) {
        String[] f = settings.split("\\|");
        String[] style = f[0].split(",");
        SessionTimeZone zone = SessionTimeZone.find(f[2]);
        return new TextContext() {
            @Override
            public DateStyle dateStyle() {
                return DateStyle.valueOf(style[0].toUpperCase(Locale.ROOT));
            }

            @Override
            public DateOrder dateOrder() {
                return DateOrder.valueOf(style[1]);
            }

            @Override
            public IntervalStyle intervalStyle() {
                return IntervalStyle.valueOf(f[1].toUpperCase(Locale.ROOT));
            }

            @Override
            public SessionTimeZone timeZone() {
                return zone;
            }

            @Override
            public int extraFloatDigits() {
                return Integer.parseInt(f[3]);
            }

            /** When the golden files were made: the offset of a timetz without zone depends on the day. */
            @Override
            public long transactionTimestamp() {
                return 848_577_600_000_000L; // 2026-11-21 12:00 UTC
            }

            @Override
            public boolean byteaHex() {
                return f[4].equals("hex");
            }
        };
    }
}
