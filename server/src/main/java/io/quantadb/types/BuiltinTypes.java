package io.quantadb.types;

import io.quantadb.base.Invariant;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The built-in types by oid and by name. Filled when the class is first used; immutable and thread-safe. */
public final class BuiltinTypes {
    private static final Map<Integer, PgType> BY_OID = new LinkedHashMap<>(512);
    private static final Map<String, PgType> BY_NAME = new HashMap<>(512);
    /** Oids below this are looked up without boxing. */
    private static final PgType[] DIRECT = new PgType[8192];

    static {
        String rows = BuiltinTypeTable.rows(); // no lambda and no regular expression: this runs at every start
        for (int start = 0; start < rows.length(); ) {
            int end = rows.indexOf('\n', start);
            register(rows, start, end);
            start = end + 1;
        }
    }

    public static final PgType BOOL = get(Oids.BOOL);
    public static final PgType BYTEA = get(Oids.BYTEA);
    public static final PgType CHAR = get(Oids.CHAR);
    public static final PgType NAME = get(Oids.NAME);
    public static final PgType INT8 = get(Oids.INT8);
    public static final PgType INT2 = get(Oids.INT2);
    public static final PgType INT4 = get(Oids.INT4);
    public static final PgType TEXT = get(Oids.TEXT);
    public static final PgType OID = get(Oids.OID);
    public static final PgType JSON = get(Oids.JSON);
    public static final PgType FLOAT4 = get(Oids.FLOAT4);
    public static final PgType FLOAT8 = get(Oids.FLOAT8);
    public static final PgType UNKNOWN = get(Oids.UNKNOWN);
    public static final PgType BPCHAR = get(Oids.BPCHAR);
    public static final PgType VARCHAR = get(Oids.VARCHAR);
    public static final PgType DATE = get(Oids.DATE);
    public static final PgType TIME = get(Oids.TIME);
    public static final PgType TIMESTAMP = get(Oids.TIMESTAMP);
    public static final PgType TIMESTAMPTZ = get(Oids.TIMESTAMPTZ);
    public static final PgType INTERVAL = get(Oids.INTERVAL);
    public static final PgType TIMETZ = get(Oids.TIMETZ);
    public static final PgType NUMERIC = get(Oids.NUMERIC);
    public static final PgType UUID = get(Oids.UUID);
    public static final PgType JSONB = get(Oids.JSONB);
    public static final PgType RECORD = get(Oids.RECORD);
    public static final PgType VOID = get(Oids.VOID);

    private BuiltinTypes() {
    }

    private static void register(String rows, int start, int end) {
        String[] f = new String[9];
        int at = start;
        for (int i = 0; i < f.length; i++) {
            int next = i == f.length - 1 ? end : rows.indexOf(' ', at);
            f[i] = rows.substring(at, next);
            at = next + 1;
        }
        int oid = Integer.parseInt(f[0]);
        int elementOid = Integer.parseInt(f[6]);
        PgType type = new PgType(oid, f[1], Integer.parseInt(f[2]), f[3].charAt(0), f[4].equals("t"), f[5].charAt(0),
                elementOid, Integer.parseInt(f[7]), f[8].charAt(0), opsFor(oid, f[1], elementOid, f[5].charAt(0)));
        BY_OID.put(oid, type);
        BY_NAME.put(type.name(), type);
        DIRECT[oid] = type;
    }

    private static TypeOps opsFor(int oid, String name, int elementOid, char typtype) {
        if (name.startsWith("_") || oid == Oids.INT2VECTOR || oid == Oids.OIDVECTOR) {
            return new ArrayOps(name, elementOid, !name.startsWith("_"));
        }
        return switch (oid) {
            case Oids.BOOL -> BoolOps.INSTANCE;
            case Oids.BYTEA -> ByteaOps.INSTANCE;
            case Oids.CHAR -> CharOps.INSTANCE;
            case Oids.NAME -> NameOps.INSTANCE;
            case Oids.INT2 -> IntegerOps.INT2;
            case Oids.INT4 -> IntegerOps.INT4;
            case Oids.INT8 -> IntegerOps.INT8;
            case Oids.OID -> OidOps.OID;
            case Oids.XID -> OidOps.XID;
            case Oids.CID -> OidOps.CID;
            case Oids.XID8 -> OidOps.XID8;
            case Oids.TEXT -> TextOps.TEXT;
            case Oids.VARCHAR -> VarcharOps.INSTANCE;
            case Oids.BPCHAR -> BpcharOps.INSTANCE;
            case Oids.UNKNOWN, Oids.CSTRING, Oids.REFCURSOR -> new TextOps(name, true);
            case Oids.ACLITEM -> AclItemOps.INSTANCE;
            case Oids.XML, Oids.PG_NODE_TREE, Oids.PG_SNAPSHOT, Oids.TXID_SNAPSHOT, Oids.PG_NDISTINCT,
                    Oids.PG_DEPENDENCIES, Oids.PG_MCV_LIST -> new TextOps(name, false);
            case Oids.JSON -> JsonOps.INSTANCE;
            case Oids.JSONB -> JsonbOps.INSTANCE;
            case Oids.FLOAT4 -> FloatOps.FLOAT4;
            case Oids.FLOAT8 -> FloatOps.FLOAT8;
            case Oids.NUMERIC -> NumericOps.INSTANCE;
            case Oids.MONEY -> MoneyOps.INSTANCE;
            case Oids.UUID -> UuidOps.INSTANCE;
            case Oids.POINT -> PointOps.INSTANCE;
            case Oids.TID -> TidOps.INSTANCE;
            case Oids.PG_LSN -> LsnOps.INSTANCE;
            case Oids.DATE -> DateOps.INSTANCE;
            case Oids.TIME -> TimeOps.INSTANCE;
            case Oids.TIMETZ -> TimeTzOps.INSTANCE;
            case Oids.TIMESTAMP -> TimestampOps.WITHOUT_ZONE;
            case Oids.TIMESTAMPTZ -> TimestampOps.WITH_ZONE;
            case Oids.INTERVAL -> IntervalOps.INSTANCE;
            case Oids.BIT -> BitOps.BIT;
            case Oids.VARBIT -> BitOps.VARBIT;
            case Oids.INET -> InetOps.INET;
            case Oids.CIDR -> InetOps.CIDR;
            case Oids.MACADDR -> MacaddrOps.MACADDR;
            case Oids.MACADDR8 -> MacaddrOps.MACADDR8;
            case Oids.INT4RANGE -> new RangeOps(name, Oids.INT4);
            case Oids.INT8RANGE -> new RangeOps(name, Oids.INT8);
            case Oids.NUMRANGE -> new RangeOps(name, Oids.NUMERIC);
            case Oids.TSRANGE -> new RangeOps(name, Oids.TIMESTAMP);
            case Oids.TSTZRANGE -> new RangeOps(name, Oids.TIMESTAMPTZ);
            case Oids.DATERANGE -> new RangeOps(name, Oids.DATE);
            case Oids.INT4MULTIRANGE -> new MultirangeOps(name, new RangeOps("int4range", Oids.INT4));
            case Oids.INT8MULTIRANGE -> new MultirangeOps(name, new RangeOps("int8range", Oids.INT8));
            case Oids.NUMMULTIRANGE -> new MultirangeOps(name, new RangeOps("numrange", Oids.NUMERIC));
            case Oids.TSMULTIRANGE -> new MultirangeOps(name, new RangeOps("tsrange", Oids.TIMESTAMP));
            case Oids.TSTZMULTIRANGE -> new MultirangeOps(name, new RangeOps("tstzrange", Oids.TIMESTAMPTZ));
            case Oids.DATEMULTIRANGE -> new MultirangeOps(name, new RangeOps("daterange", Oids.DATE));
            case Oids.JSONPATH -> JsonPathOps.INSTANCE;
            case Oids.ANYARRAY -> AnyArrayOps.INSTANCE;
            case Oids.RECORD -> RecordOps.ANONYMOUS;
            default -> name.startsWith("reg") ? new RegOps(name, oid)
                    : typtype == 'p' ? new PseudoOps(name) : new UnsupportedOps(name);
        };
    }

    /** The built-in type with this oid, or null. */
    public static PgType find(int oid) {
        return oid >= 0 && oid < DIRECT.length ? DIRECT[oid] : null;
    }

    /** The built-in type with this oid, which exists. */
    public static PgType get(int oid) {
        PgType type = find(oid);
        Invariant.check(type != null, "no built-in type has oid %s, table has %s rows", oid, BY_OID.size());
        return type;
    }

    /** By {@code pg_type.typname}, such as int4 or _text; null if there is none. */
    public static PgType findByName(String typname) {
        return BY_NAME.get(typname);
    }

    /** The built-in array type over a built-in element type, or null. */
    public static PgType arrayOf(int elementOid) {
        PgType element = find(elementOid);
        return element == null || element.arrayOid() == 0 ? null : find(element.arrayOid());
    }

    /** All of them, in order of oid. */
    public static Collection<PgType> all() {
        return Collections.unmodifiableCollection(BY_OID.values());
    }
}
