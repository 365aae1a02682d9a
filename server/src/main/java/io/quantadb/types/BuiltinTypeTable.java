package io.quantadb.types;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The built-in rows of {@code pg_type}, in the resource {@code builtin_types.txt}, one line each: oid, name, typlen,
 * category, preferred (t/f), typtype, element oid, array oid, delimiter. Read once, at start.
 *
 * <p>Source: PostgreSQL 15, {@code select ... from pg_type where oid < 10000 and typtype <> 'c'}.
 */
final class BuiltinTypeTable {
    private static final String RESOURCE = "builtin_types.txt";

    private BuiltinTypeTable() {
    }

    static String rows() {
        try (InputStream in = BuiltinTypeTable.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }
}
