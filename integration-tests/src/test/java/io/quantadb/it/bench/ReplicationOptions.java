package io.quantadb.it.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What to measure and how long.
 *
 * @param scale of pgbench: 100,000 accounts each
 * @param replicas numbers of synchronous replicas
 * @param copyScale of pgbench, for the time of a new replica; 335 is about 5 GB
 * @param parts of "tpcb", "copy"
 * @param servers of "postgres", "quantadb"
 */
record ReplicationOptions(int scale, int seconds, int rounds, int bufferPoolMegabytes, List<Integer> clients,
    List<Integer> replicas, int copyScale, Set<String> parts, Set<String> servers) {
    static final String USAGE = """
        usage: bench-replication [--quick] [--scale 50] [--seconds 30] [--rounds 3] [--buffer-pool-mb 512]
                                 [--clients 8,32] [--replicas 1,2] [--copy-scale 335] [--only tpcb,copy]
                                 [--servers postgres,quantadb]""";
    private static final Set<String> PARTS = Set.of("tpcb", "copy");
    private static final Set<String> SERVERS = Set.of("postgres", "quantadb");

    static ReplicationOptions parse(String[] arguments) {
        ReplicationOptions options = new ReplicationOptions(50, 30, 3, 512, List.of(8, 32), List.of(1, 2), 335, PARTS,
            SERVERS);
        int at = 0;
        while (at < arguments.length) {
            String name = arguments[at++];
            if (name.equals("--quick")) {
                options = new ReplicationOptions(2, 3, 1, 64, List.of(8, 32), List.of(1, 2), 5, PARTS, SERVERS);
                continue;
            }
            if (at == arguments.length) {
                throw new IllegalArgumentException("option " + name + " needs a value");
            }
            options = options.with(name, arguments[at++]);
        }
        return options;
    }

    private ReplicationOptions with(String name, String value) {
        return new ReplicationOptions(number(name, "--scale", value, scale), number(name, "--seconds", value, seconds),
            number(name, "--rounds", value, rounds), number(name, "--buffer-pool-mb", value, bufferPoolMegabytes),
            numbers(name, "--clients", value, clients), numbers(name, "--replicas", value, replicas),
            number(name, "--copy-scale", value, copyScale), words(name, "--only", value, parts, PARTS),
            words(name, "--servers", value, servers, SERVERS)).checked(name);
    }

    private ReplicationOptions checked(String name) {
        if (!Set.of("--scale", "--seconds", "--rounds", "--buffer-pool-mb", "--clients", "--replicas", "--copy-scale",
            "--only", "--servers").contains(name)) {
            throw new IllegalArgumentException("unknown option " + name);
        }
        return this;
    }

    private static int number(String name, String wanted, String value, int otherwise) {
        return name.equals(wanted) ? Integer.parseInt(value) : otherwise;
    }

    private static List<Integer> numbers(String name, String wanted, String value, List<Integer> otherwise) {
        return name.equals(wanted) ? Arrays.stream(value.split(",")).map(Integer::valueOf).toList() : otherwise;
    }

    private static Set<String> words(String name, String wanted, String value, Set<String> otherwise,
        Set<String> known) {
        if (!name.equals(wanted)) {
            return otherwise;
        }
        Set<String> chosen = Set.of(value.split(","));
        if (!known.containsAll(chosen)) {
            throw new IllegalArgumentException(wanted + " " + value + ": known are " + known);
        }
        return chosen;
    }
}
