package io.quantadb.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quantadb.it.Requirements;
import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.Processes;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Goal: unmodified clients find the node they want and read what was written. Method: psql, pgjdbc, Northwind. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientsClusterTest {
    private Cluster cluster;

    @BeforeAll
    void start() {
        cluster = Cluster.start(ClusterOptions.three());
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private String psql(String attributes, String sql) {
        Map<String, String> environment = new HashMap<>(cluster.nodes().getFirst().endpoint().clientEnvironment());
        environment.put("PGHOST", cluster.nodes().stream().map(node -> node.endpoint().host())
            .collect(Collectors.joining(",")));
        environment.put("PGPORT", cluster.nodes().stream().map(node -> "" + node.endpoint().port())
            .collect(Collectors.joining(",")));
        environment.put("PGTARGETSESSIONATTRS", attributes);
        return Processes.run(Duration.ofSeconds(20), environment, List.of(Requirements.program("psql"), "-XAtc", sql))
            .throwIfFailed("psql " + attributes).strip();
    }

    @Test
    void shouldRouteLibpqByTargetSessionAttributes() {
        String recovery = "select pg_is_in_recovery()";
        assertEquals(List.of("f", "f", "t", "t", "t"), List.of("read-write", "primary", "standby", "read-only",
            "prefer-standby").stream().map(attributes -> psql(attributes, recovery)).toList());
    }

    @Test
    void shouldRoutePgjdbcByTargetServerType() throws SQLException {
        String hosts = cluster.nodes().stream().map(node -> node.endpoint().host() + ":" + node.endpoint().port())
            .collect(Collectors.joining(","));
        for (String type : List.of("primary", "secondary", "preferSecondary")) {
            try (Connection connection = DriverManager.getConnection("jdbc:postgresql://" + hosts + "/"
                + DatabaseServer.USER + "?targetServerType=" + type, DatabaseServer.USER, DatabaseServer.PASSWORD);
                ResultSet rows = connection.createStatement().executeQuery("select pg_is_in_recovery()")) {
                rows.next();
                assertEquals(!type.equals("primary"), rows.getBoolean(1), type);
            }
        }
    }

    @Test
    void shouldRefuseWritesOnReplicas() throws IOException {
        for (ClusterNode replica : cluster.replicas()) {
            try (WireClient session = cluster.connect(replica)) {
                assertEquals("25006", session.queryOne("create table no (a int)").sqlState());
                assertEquals("on", session.parameter("in_hot_standby"));
            }
        }
    }

    @Test
    void shouldReadNorthwindOnReplicasAtOnce() throws IOException {
        ClusterNode primary = cluster.awaitPrimary(Duration.ofSeconds(10));
        Processes.run(Duration.ofSeconds(60), primary.endpoint().clientEnvironment(),
            List.of(Requirements.program("psql"), "-Xq", "-v", "ON_ERROR_STOP=1", "-f",
                Requirements.testData("northwind.sql").toString())).throwIfFailed("northwind");
        String lsn;
        String expected;
        String sql = "select count(*), sum(quantity) from order_details";
        try (WireClient session = cluster.connect(primary)) {
            expected = session.queryOne(sql).rows.toString();
            lsn = session.queryOne("select pg_current_wal_lsn()").single();
        }
        assertNotEquals("[[0, null]]", expected);
        for (ClusterNode replica : cluster.replicas()) {
            try (WireClient session = cluster.connect(replica)) {
                session.queryOne("wait for lsn '" + lsn + "' with (timeout '10s')").throwIfFailed();
                assertEquals(expected, session.queryOne(sql).rows.toString(), replica.name());
            }
        }
    }

    @Test
    void shouldTellRolesToLoadBalancers() {
        ClusterNode primary = cluster.awaitPrimary(Duration.ofSeconds(10));
        for (ClusterNode node : cluster.nodes()) {
            assertEquals(List.of(200, node == primary ? 200 : 503, node == primary ? 503 : 200),
                List.of(node.status("/health"), node.status("/primary"), node.status("/replica")), node.name());
        }
    }
}
