package io.quantadb.catalog.bootstrap;

import io.quantadb.base.Invariant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The definitions of the system views: SQL texts in the resources {@code pg_catalog_views.sql} and
 * {@code information_schema_views.sql}, each behind a line {@code -- view schema.name}.
 */
public final class SystemViews {
    private static final String PATH = "/io/quantadb/catalog/bootstrap/";
    /** Begins the names of resources with rows that PostgreSQL does not have. */
    static final String OWN = "own_";
    private static final String MARK = "-- view ";

    private SystemViews() {
    }

    /** Definitions by qualified name, in an order in which each uses only those before it. */
    public static Map<String, String> byName() {
        Map<String, String> views = new LinkedHashMap<>();
        for (String schema : List.of("pg_catalog", "information_schema")) {
            String name = null;
            StringBuilder text = new StringBuilder();
            for (String line : lines(schema + "_views.sql")) {
                if (line.startsWith(MARK)) {
                    add(views, name, text);
                    name = line.substring(MARK.length());
                    text.setLength(0);
                } else if (!line.startsWith("--") && !line.isBlank()) {
                    text.append(text.isEmpty() ? "" : "\n").append(line);
                }
            }
            add(views, name, text);
        }
        return views;
    }

    private static void add(Map<String, String> views, String name, StringBuilder text) {
        if (name != null) {
            String former = views.put(name, text.toString());
            Invariant.check(former == null, "view %s is defined twice: %s", name, former);
        }
    }

    /** Definitions by the oid of the view. */
    static Map<Integer, String> definitions() {
        Map<String, String> schemas = new HashMap<>();
        lines("pg_namespace.tsv").forEach(line -> {
            String[] fields = line.split("\t", 3);
            schemas.put(fields[0], fields[1]);
        });
        Map<String, String> byName = byName();
        Map<Integer, String> definitions = new HashMap<>();
        List<String> relations = new java.util.ArrayList<>(lines("pg_class.tsv"));
        relations.addAll(lines(OWN + "pg_class.tsv"));
        for (String line : relations) {
            String[] fields = line.split("\t", 4);
            String definition = byName.get(schemas.get(fields[2]) + "." + fields[1]);
            if (definition != null) {
                definitions.put(Integer.parseInt(fields[0]), definition);
            }
        }
        Invariant.check(definitions.size() == byName.size(), "%d of %d system views are in pg_class",
                definitions.size(), byName.size());
        return definitions;
    }

    private static List<String> lines(String resource) {
        try (InputStream in = SystemViews.class.getResourceAsStream(PATH + resource)) {
            Invariant.check(in != null, "a resource is missing: %s%s", PATH, resource);
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
