package io.quantadb.catalog.ddl;

/** Where a catalog change sends its NOTICE messages. */
@FunctionalInterface
public interface Notices {
    /** @param detail null if there is none */
    void notice(String message, String detail);
}
