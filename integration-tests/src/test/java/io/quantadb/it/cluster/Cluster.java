package io.quantadb.it.cluster;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.Processes;
import io.quantadb.it.wire.WireClient;
import io.quantadb.it.workload.HostList;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some nodes on 127.0.0.1, 127.0.0.2 and so on, and the network between them. Roles are taken from the nodes' API.
 * Everything ends with the JVM at the latest. Used from one thread; {@link #links} from any.
 */
public final class Cluster implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Pattern IN_SYNC = Pattern.compile("\"in_sync\"\\s*:\\s*\\[([^\\]]*)\\]");
    private static final int STANDARD_SQL = 5432;
    private static final int STANDARD_STEP = 1_000;

    private final ClusterOptions options;
    private final Path directory = Processes.temporaryDirectory("quantadb-cluster");
    private final List<ClusterNode> nodes = new ArrayList<>();
    private final Links links = new Links(this::pids);

    private Cluster(ClusterOptions options) {
        this.options = options;
    }

    /** Starts all nodes at once, and waits until there is a primary and everybody is in sync. */
    public static Cluster start(ClusterOptions options) {
        Cluster cluster = prepare(options);
        try {
            cluster.nodes.forEach(ClusterNode::start);
            cluster.await(options.nodes() + " members in sync", START_LIMIT, () -> {
                cluster.throwIfDead();
                return cluster.inSync().size() >= options.nodes();
            });
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void throwIfDead() {
        for (ClusterNode node : nodes) {
            if (!node.isAlive()) {
                throw new IllegalStateException(node.name() + " ended before it was ready:\n" + node.logTail());
            }
        }
    }

    /** Makes the nodes and their configuration, and starts none. */
    public static Cluster prepare(ClusterOptions options) {
        Cluster cluster = new Cluster(options);
        ClusterNode.Ports first = null;
        for (int i = 1; i <= options.nodes(); i++) {
            String name = "node" + i;
            String host = "127.0.0." + i;
            ClusterNode.Ports ports = cluster.ports();
            ClusterNode.Ports reached = !options.proxied() ? ports : new ClusterNode.Ports(
                cluster.links.open(PortKind.SQL, name, host, ports.sql()),
                cluster.links.open(PortKind.REPLICATION, name, host, ports.replication()),
                cluster.links.open(PortKind.RAFT, name, host, ports.raft()), ports.api());
            first = first == null ? reached : first;
            String mode = options.nodes() == 1 ? null : i == 1 ? "primary" : "replica";
            cluster.nodes.add(new ClusterNode(name, host, ports, reached, cluster.directory.resolve(name),
                NodeConfig.json(mode, name, host, ports, reached, "127.0.0.1", first.replication(), options)));
        }
        return cluster;
    }

    private ClusterNode.Ports ports() {
        if (options.standardPorts()) {
            return new ClusterNode.Ports(STANDARD_SQL, STANDARD_SQL + STANDARD_STEP, STANDARD_SQL + 2 * STANDARD_STEP,
                STANDARD_SQL + 3 * STANDARD_STEP);
        }
        int[] free = Processes.freePorts(4);
        return new ClusterNode.Ports(free[0], free[1], free[2], free[3]);
    }

    private Map<Long, String> pids() {
        Map<Long, String> pids = new HashMap<>();
        for (ClusterNode node : nodes) {
            if (node.isAlive()) {
                pids.put(node.pid(), node.name());
            }
        }
        return pids;
    }

    public ClusterOptions options() {
        return options;
    }

    public List<ClusterNode> nodes() {
        return List.copyOf(nodes);
    }

    public Links links() {
        return links;
    }

    /** A directory that lives as long as the cluster. */
    public Path directory() {
        return directory;
    }

    /** All nodes, for clients that find their own way. */
    public HostList hosts() {
        return HostList.of(nodes.stream().map(ClusterNode::endpoint).toList());
    }

    /** Names of all but one. */
    public List<String> othersThan(ClusterNode node) {
        return nodes.stream().map(ClusterNode::name).filter(name -> !name.equals(node.name())).toList();
    }

    public List<ClusterNode> replicas() {
        ClusterNode primary = awaitPrimary(START_LIMIT);
        return nodes.stream().filter(node -> node != primary).toList();
    }

    /** The node whose API says so, or null. */
    public ClusterNode primary() {
        return nodes.stream().filter(node -> node.isAlive() && node.status("/primary") == 200).findFirst()
            .orElse(null);
    }

    /** Nodes that say that they are primary; more than one, of which at most one may have a lease, is worth a look. */
    public List<String> allPrimaries() {
        return nodes.stream().filter(node -> node.isAlive() && node.status("/primary") == 200).map(ClusterNode::name)
            .toList();
    }

    public ClusterNode awaitPrimary(Duration limit) {
        return awaitValue("a primary", limit, this::primary);
    }

    /** Waits for a primary that counts this many members in sync, itself among them. */
    public void awaitInSync(int members, Duration limit) {
        await(members + " members in sync", limit, () -> inSync().size() >= members);
    }

    /** Names of the members in sync, as the primary tells; empty without a primary. */
    public List<String> inSync() {
        ClusterNode primary = primary();
        if (primary == null) {
            return List.of();
        }
        if (options.nodes() == 1) {
            return List.of(primary.name());
        }
        Matcher matcher = IN_SYNC.matcher(primary.body("/cluster/status"));
        List<String> names = new ArrayList<>();
        if (matcher.find()) {
            for (String name : matcher.group(1).split(",")) {
                String bare = name.strip().replace("\"", "");
                if (!bare.isEmpty()) {
                    names.add(bare);
                }
            }
        }
        return names;
    }

    /** Waits until it is true; throws with the state of all nodes after the limit. */
    public void await(String what, Duration limit, BooleanSupplier condition) {
        awaitValue(what, limit, () -> condition.getAsBoolean() ? Boolean.TRUE : null);
    }

    private <T> T awaitValue(String what, Duration limit, Supplier<T> value) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            T found = value.get();
            if (found != null) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("no " + what + " within " + limit + "\n" + describe());
            }
            pause(50);
        }
    }

    /** What the nodes say of themselves, with the ends of their logs: for failures. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (ClusterNode node : nodes) {
            text.append("--- ").append(node.name()).append(node.isAlive() ? "" : " (not running)").append('\n')
                .append(node.isAlive() ? node.body("/cluster/status") + "\n" : "").append(node.logTail()).append('\n');
        }
        return text.toString();
    }

    /** A session on one node that may be in sync already and not let clients in yet. */
    private WireClient connectSoon(ClusterNode node) {
        return awaitValue("session on " + node.name(), START_LIMIT, () -> {
            try {
                return connect(node);
            } catch (IOException e) {
                return null;
            }
        });
    }

    /** A session on one node. */
    public WireClient connect(ClusterNode node) throws IOException {
        return WireClient.connect(node.endpoint(), DatabaseServer.USER);
    }

    /**
     * Waits until every node has replayed what the primary has now, and compares the tables' contents.
     *
     * @return differences; empty when there are none
     */
    public List<String> compareContents(List<String> tables) throws IOException {
        List<String> differences = new ArrayList<>();
        ClusterNode primary = awaitPrimary(START_LIMIT);
        try (WireClient session = connectSoon(primary)) {
            String lsn = session.queryOne("select pg_current_wal_lsn()").single();
            for (ClusterNode node : nodes) {
                if (node == primary || !node.isAlive()) {
                    continue;
                }
                try (WireClient other = connectSoon(node)) {
                    other.queryOne("wait for lsn '" + lsn + "' with (timeout '30s')").throwIfFailed();
                    for (String table : tables) {
                        String sql = "select count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by"
                            + " t::text)), '') from " + table + " t";
                        String expected = session.queryOne(sql).single();
                        String found = other.queryOne(sql).single();
                        if (!expected.equals(found)) {
                            differences.add(table + " on " + node.name() + ": " + found + ", on the primary: "
                                + expected);
                        }
                    }
                }
            }
        }
        return differences;
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        nodes.forEach(ClusterNode::close);
        links.close();
        Processes.discard(directory);
    }
}
