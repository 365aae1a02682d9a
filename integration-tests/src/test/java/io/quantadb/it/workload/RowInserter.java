package io.quantadb.it.workload;

import io.quantadb.it.history.Outcome;
import io.quantadb.it.wire.StatementResult;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;

/** A client that inserts rows through a list of hosts and reconnects by itself. Confined to one thread. */
public interface RowInserter extends AutoCloseable {
    /** One statement on the primary; connects first when there is no connection. */
    Outcome execute(String sql);

    @Override
    void close();

    /** Our own client: short timeouts, tries all hosts in turn. */
    static RowInserter wire(HostList hosts) {
        return new Wire(hosts);
    }

    /** PostgreSQL's JDBC driver, as an application would set it up; it must be on the class path. */
    static RowInserter jdbc(HostList hosts, String user, String password) {
        String addresses = hosts.endpoints().stream().map(e -> e.host() + ":" + e.port())
            .collect(Collectors.joining(","));
        return new Jdbc("jdbc:postgresql://" + addresses + "/" + user + "?user=" + user + "&password=" + password
            + "&targetServerType=primary&hostRecheckSeconds=0&connectTimeout=1&loginTimeout=2&socketTimeout=2");
    }

    /** Made by {@link #wire}. */
    final class Wire implements RowInserter {
        private final HostList hosts;
        private HostList.Connected connected;
        private int next;

        private Wire(HostList hosts) {
            this.hosts = hosts;
        }

        @Override
        public Outcome execute(String sql) {
            if (connected == null) {
                connected = hosts.connect(Role.PRIMARY, next++);
                if (connected == null) {
                    return Outcome.FAIL;
                }
            }
            try {
                StatementResult result = connected.client().queryOne(sql);
                if (result.error == null) {
                    return Outcome.OK;
                }
                close();
                return result.sqlState().startsWith("25") ? Outcome.FAIL : Outcome.INFO;
            } catch (UncheckedIOException e) {
                close();
                return Outcome.INFO;
            }
        }

        @Override
        public void close() {
            if (connected != null) {
                connected.client().abort();
                connected = null;
            }
        }
    }

    /** Made by {@link #jdbc}. */
    final class Jdbc implements RowInserter {
        private final String url;
        private Connection connection;

        private Jdbc(String url) {
            this.url = url;
        }

        @Override
        public Outcome execute(String sql) {
            try {
                if (connection == null) {
                    connection = DriverManager.getConnection(url);
                }
            } catch (SQLException e) {
                return Outcome.FAIL;
            }
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate(sql);
                return Outcome.OK;
            } catch (SQLException e) {
                close();
                return e.getSQLState() != null && e.getSQLState().startsWith("25") ? Outcome.FAIL : Outcome.INFO;
            }
        }

        @Override
        public void close() {
            try {
                if (connection != null) {
                    connection.close();
                }
            } catch (SQLException e) {
                // It has gone already.
            }
            connection = null;
        }
    }
}
