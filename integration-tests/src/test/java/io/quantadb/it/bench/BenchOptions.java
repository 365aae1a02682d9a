package io.quantadb.it.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What to measure and how long.
 *
 * @param scale of pgbench: 100,000 accounts each
 * @param seconds of one pgbench run
 * @param rounds of each measurement, in turns
 * @param rows of the bulk table
 * @param clients numbers of pgbench clients
 * @param parts of "pgbench", "sessions", "bulk"
 */
record BenchOptions(int scale, int seconds, int rounds, int rows, int bufferPoolMegabytes, List<Integer> clients,
    Set<String> parts) {
    static final String USAGE = """
        usage: bench [--quick] [--scale 50] [--seconds 30] [--rounds 3] [--rows 5000000] [--buffer-pool-mb 1024]
                     [--clients 8,32,128] [--only pgbench,sessions,bulk]""";
    private static final Set<String> PARTS = Set.of("pgbench", "sessions", "bulk");

    boolean wants(String part) {
        return parts.contains(part);
    }

    static BenchOptions parse(String[] arguments) {
        BenchOptions options = new BenchOptions(50, 30, 3, 5_000_000, 1_024, List.of(8, 32, 128), PARTS);
        int at = 0;
        while (at < arguments.length) {
            String name = arguments[at++];
            if (name.equals("--quick")) {
                options = new BenchOptions(5, 3, 1, 200_000, 256, List.of(8, 32, 128), PARTS);
                continue;
            }
            if (at == arguments.length) {
                throw new IllegalArgumentException("option " + name + " needs a value");
            }
            options = options.with(name, arguments[at++]);
        }
        return options;
    }

    private BenchOptions with(String name, String value) {
        return switch (name) {
            case "--scale" -> new BenchOptions(Integer.parseInt(value), seconds, rounds, rows, bufferPoolMegabytes,
                clients, parts);
            case "--seconds" -> new BenchOptions(scale, Integer.parseInt(value), rounds, rows, bufferPoolMegabytes,
                clients, parts);
            case "--rounds" -> new BenchOptions(scale, seconds, Integer.parseInt(value), rows, bufferPoolMegabytes,
                clients, parts);
            case "--rows" -> new BenchOptions(scale, seconds, rounds, Integer.parseInt(value), bufferPoolMegabytes,
                clients, parts);
            case "--buffer-pool-mb" -> new BenchOptions(scale, seconds, rounds, rows, Integer.parseInt(value), clients,
                parts);
            case "--clients" -> new BenchOptions(scale, seconds, rounds, rows, bufferPoolMegabytes,
                Arrays.stream(value.split(",")).map(Integer::valueOf).toList(), parts);
            case "--only" -> new BenchOptions(scale, seconds, rounds, rows, bufferPoolMegabytes, clients,
                checkedParts(value));
            default -> throw new IllegalArgumentException("unknown option " + name);
        };
    }

    private static Set<String> checkedParts(String value) {
        Set<String> chosen = Set.of(value.split(","));
        if (!PARTS.containsAll(chosen)) {
            throw new IllegalArgumentException("--only " + value + ": known parts are " + PARTS);
        }
        return chosen;
    }
}
