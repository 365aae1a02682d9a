package io.quantadb.it.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.it.Requirements;
import io.quantadb.it.history.Anomaly;
import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.PostgresProcess;
import io.quantadb.it.process.PostgresStandby;
import io.quantadb.it.wire.WireClient;
import io.quantadb.it.workload.Endpoint;
import io.quantadb.it.workload.HostList;
import io.quantadb.it.workload.PacedInserts;
import io.quantadb.it.workload.RowInserter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: the clients and checkers of the failover tests do find a loss. Method: PostgreSQL with an asynchronous replica,
 * whose link is cut before the primary is killed and the replica promoted.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AsynchronousLossTest {
    @Test
    void shouldFindRowsThatAnAsynchronousReplicaNeverGot() throws Exception {
        Requirements.postgres();
        try (Links links = new Links(Map::of);
            PostgresProcess primary = PostgresProcess.startNew("wal_level = replica", "fsync = off")) {
            int port = links.open(PortKind.REPLICATION, "primary", "127.0.0.1", primary.port());
            try (PostgresStandby standby = PostgresStandby.startNew(port, "standby")) {
                HostList hosts = new HostList(List.of(new Endpoint("one", "127.0.0.1", primary.port()),
                    new Endpoint("two", "127.0.0.1", standby.port())), 500, 1_000);
                try (PacedInserts inserts = PacedInserts.start(hosts, List.of(RowInserter.wire(hosts)))) {
                    Cluster.pause(1_000);
                    links.flow(PortKind.REPLICATION, "primary", Links.CLIENT).hold();
                    Cluster.pause(700);
                    primary.killNow();
                    links.flow(PortKind.REPLICATION, "primary", Links.CLIENT).reset();
                    try (WireClient session = WireClient.connect(standby, DatabaseServer.USER)) {
                        session.queryOne("select pg_promote()").throwIfFailed();
                    }
                    long promoted = System.nanoTime();
                    while (!inserts.acknowledgedSince(promoted)) {
                        Cluster.pause(50);
                    }
                    List<String> kinds = inserts.finish().stream().map(Anomaly::kind).distinct().toList();
                    assertTrue(kinds.contains("lost"), kinds::toString);
                }
            }
        }
    }
}
