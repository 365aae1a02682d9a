package io.quantadb.main;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.DatabaseDescriptor;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.cache.SearchPath;
import io.quantadb.catalog.cache.TransactionCatalog;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.pgwire.LoginCatalog;
import io.quantadb.session.Session;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TxnSession;
import java.util.Map;
import java.util.function.Consumer;

/** Looks up roles and databases for logins, each in a short transaction of its own. */
final class Logins implements LoginCatalog {
    private static final int LOGIN_PROCESS_ID = 2;
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    private final Node node;
    private final Consumer<Session> prepare;

    /** @param prepare installs what sessions of this server have */
    Logins(Node node, Consumer<Session> prepare) {
        this.node = node;
        this.prepare = prepare;
    }

    @Override
    public Login find(String user, String database) {
        try (TxnSession session = node.transactions.openSession(LOGIN_PROCESS_ID)) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, true);
            try {
                CatalogReader catalog = new TransactionCatalog(node.catalogs, CatalogIds.DATABASE_POSTGRES, transaction).reader(SearchPath.DEFAULT);
                return new Found(user, database, catalog.role(user), catalog.database(database), node.clock.wallMicros());
            } finally {
                transaction.abort();
            }
        }
    }

    @Override
    public void prepare(Session session) {
        prepare.accept(session);
    }

    private record Found(String user, String databaseAsked, RoleDescriptor role, DatabaseDescriptor database, long nowMicros) implements Login {
        @Override
        public String userName() {
            return user;
        }

        @Override
        public int userOid() {
            return role == null ? 0 : role.oid();
        }

        @Override
        public boolean superuser() {
            return role != null && role.superuser();
        }

        @Override
        public String passwordVerifier() {
            boolean expired = role != null && role.validUntil() != null && role.validUntil() + POSTGRES_EPOCH_MICROS < nowMicros;
            return role == null || expired ? null : role.password();
        }

        @Override
        public int databaseOid() {
            return database.oid();
        }

        @Override
        public String databaseName() {
            return database.name();
        }

        @Override
        public Map<String, String> settings() {
            return Map.of();
        }

        @Override
        public void check() {
            if (role == null) {
                throw new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "role \"" + user + "\" does not exist").fatal();
            }
            if (!role.canLogin()) {
                throw new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "role \"" + user + "\" is not permitted to log in").fatal();
            }
            if (database == null) {
                throw new SqlException(SqlState.INVALID_CATALOG_NAME, "database \"" + databaseAsked + "\" does not exist").fatal();
            }
            if (!database.allowConnections()) {
                throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                    "database \"" + database.name() + "\" is not currently accepting connections").fatal();
            }
        }
    }
}
