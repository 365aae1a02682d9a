package io.quantadb.it.bench;

import io.quantadb.it.process.DatabaseServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects the measurements of both servers and prints medians and ratios. Confined to one thread. */
final class Comparison {
    private enum Kind {
        RATE, TIME, SIZE
    }

    private static final class Row {
        final Kind kind;
        final List<Double> postgres = new ArrayList<>();
        final List<Double> quanta = new ArrayList<>();
        String failure;

        Row(Kind kind) {
            this.kind = kind;
        }

        /** Above 1 QuantaDB is better: faster, or smaller. */
        double ratio() {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < Math.min(postgres.size(), quanta.size()); i++) {
                double ratio = quanta.get(i) / postgres.get(i);
                ratios.add(kind == Kind.RATE ? ratio : 1 / ratio);
            }
            return median(ratios);
        }
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();

    void rate(String name, DatabaseServer server, double perSecond) {
        add(name, Kind.RATE, server, perSecond);
    }

    void time(String name, DatabaseServer server, double seconds) {
        add(name + " (s)", Kind.TIME, server, seconds);
    }

    void size(String name, DatabaseServer server, double size) {
        add(name, Kind.SIZE, server, size);
    }

    private void add(String name, Kind kind, DatabaseServer server, double value) {
        Row row = rows.computeIfAbsent(name, key -> new Row(kind));
        (server.name().equals("PostgreSQL") ? row.postgres : row.quanta).add(value);
    }

    void failed(String name, String reason) {
        rows.computeIfAbsent(name, key -> new Row(Kind.TIME)).failure = reason == null ? "failed"
            : reason.lines().findFirst().orElse("failed");
    }

    boolean hasFailures() {
        return rows.values().stream().anyMatch(row -> row.failure != null);
    }

    /** A Markdown table; the ratio is the median of the rounds' ratios, above 1 where QuantaDB is better. */
    String table() {
        StringBuilder table = new StringBuilder(
            "| Benchmark | PostgreSQL 15 | QuantaDB | ratio | rounds |\n|---|---:|---:|---:|---:|\n");
        rows.forEach((name, row) -> {
            table.append("| ").append(name).append(" | ");
            if (row.failure != null) {
                table.append("FAILED: ").append(row.failure.replace('|', '/')).append(" | | | |\n");
            } else {
                table.append(number(median(row.postgres))).append(" | ").append(number(median(row.quanta)))
                    .append(" | ")
                    .append(String.format(Locale.ROOT, "%.2f", row.ratio())).append(" | ")
                    .append(Math.min(row.postgres.size(), row.quanta.size()))
                    .append(" |\n");
            }
        });
        return table.toString();
    }

    private static String number(double value) {
        return value >= 100 ? String.format(Locale.ROOT, "%,.0f", value) : String.format(Locale.ROOT, "%.3f", value);
    }

    private static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
