package io.quantadb.it.isolation;

import io.quantadb.it.Requirements;
import io.quantadb.it.process.DatabaseServer;

/** Goal: what {@link IsolationTest} expects is what PostgreSQL 15 does. Method: the same scripts with PostgreSQL. */
class IsolationPostgresTest extends IsolationTest {
    @Override
    DatabaseServer startServer() {
        return Requirements.startOracle();
    }
}
