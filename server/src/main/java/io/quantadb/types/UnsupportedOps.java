package io.quantadb.types;

import io.quantadb.error.SqlException;

/** A type that is in the catalog but has no implementation: every use of a value raises 0A000 with its name. */
final class UnsupportedOps extends ObjectOps {
    UnsupportedOps(String name) {
        super(name);
    }

    private SqlException refuse() {
        return SqlException.notSupported("type " + displayName() + " is not supported");
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        throw refuse();
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        throw refuse();
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        throw refuse();
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        throw refuse();
    }

    @Override
    public byte[] encode(Object value) {
        throw refuse();
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        throw refuse();
    }

    @Override
    public int compare(Object a, Object b) {
        throw refuse();
    }

    @Override
    public boolean ordered() {
        return false;
    }
}
