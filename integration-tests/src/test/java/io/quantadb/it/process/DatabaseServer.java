package io.quantadb.it.process;

import java.util.Map;

/**
 * A running server that clients of PostgreSQL can reach; both kinds have the same superuser and database.
 */
public interface DatabaseServer extends AutoCloseable {
    /** Superuser, and the name of the first database. */
    String USER = "quantadb";
    String PASSWORD = "integration-secret";

    /** For messages: "QuantaDB" or "PostgreSQL". */
    String name();

    /** Address that clients use. */
    default String host() {
        return "127.0.0.1";
    }

    int port();

    /** Resident memory of the server, all its processes, bytes. */
    long residentBytes();

    @Override
    void close();

    default String jdbcUrl(String database) {
        return "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
    }

    /** What libpq programs need to connect without asking. */
    default Map<String, String> clientEnvironment() {
        return Map.of("PGHOST", host(), "PGPORT", Integer.toString(port()), "PGUSER", USER, "PGPASSWORD",
            PASSWORD, "PGDATABASE", USER,
            "PGCLIENTENCODING", "UTF8", "LC_ALL", "C.UTF-8", "PAGER", "", "PSQLRC", "/dev/null", "PGTZ", "UTC");
    }
}
