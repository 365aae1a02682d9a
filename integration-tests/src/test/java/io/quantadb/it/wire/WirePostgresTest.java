package io.quantadb.it.wire;

import io.quantadb.it.Requirements;
import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.PostgresProcess;

/** Goal: what {@link WireTest} expects is what PostgreSQL 15 does. Method: the same conversations with PostgreSQL. */
class WirePostgresTest extends WireTest {
    @Override
    DatabaseServer startServer() {
        Requirements.postgres();
        return PostgresProcess.startNew("fsync = off", "max_connections = 12", "superuser_reserved_connections = 0",
            "max_wal_senders = 0",
            "shared_buffers = '32MB'");
    }
}
