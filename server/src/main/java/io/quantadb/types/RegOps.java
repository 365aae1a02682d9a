package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/** regclass, regtype, regproc...: an oid printed as its object's name; {@link ObjectNames} knows the names. */
final class RegOps extends LongOps {
    private final int typeOid;

    RegOps(String name, int typeOid) {
        super(name, 4, true);
        this.typeOid = typeOid;
    }

    @Override
    String toText(long value, TextContext ctx) {
        if (value == 0) {
            return typeOid == Oids.REGOPER || typeOid == Oids.REGOPERATOR ? "0" : "-";
        }
        String name = ctx.names().nameOf(typeOid, value);
        return name != null ? name : Long.toString(value);
    }

    @Override
    public void writeTextLong(long value, ByteSink out, TextContext ctx) {
        out.writeUtf8(toText(value, ctx));
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        if (text.equals("-")) {
            return 0L;
        }
        if (!text.isEmpty() && OidOps.allDigits(text, 0)) {
            return OidOps.parseOid(text);
        }
        long oid = ctx.names().oidOf(typeOid, text);
        if (oid < 0) {
            throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
                    "looking up a name for type " + displayName() + " is not supported here");
        }
        return oid;
    }
}
