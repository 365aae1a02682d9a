package io.quantadb.catalog.table;

import io.quantadb.base.Invariant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All catalog tables, read once from the resource {@code bootstrap/catalogs.txt}. Immutable. */
public final class CatalogTables {
    private static final Map<Integer, CatalogTable> BY_OID = new LinkedHashMap<>();
    private static final Map<String, CatalogTable> BY_NAME = new HashMap<>();
    private static final Map<String, CatalogIndex> INDEXES = new HashMap<>();

    static {
        try (InputStream in = CatalogTables.class.getResourceAsStream("/io/quantadb/catalog/bootstrap/catalogs.txt")) {
            Invariant.check(in != null, "resource catalogs.txt is missing");
            parse(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CatalogTables() {
    }

    public static List<CatalogTable> all() {
        return List.copyOf(BY_OID.values());
    }

    /** @return null if the oid is no catalog table */
    public static CatalogTable find(int oid) {
        return BY_OID.get(oid);
    }

    public static CatalogTable table(int oid) {
        CatalogTable table = BY_OID.get(oid);
        Invariant.check(table != null, "no catalog table has oid %d (%d known)", oid, BY_OID.size());
        return table;
    }

    public static CatalogTable table(String name) {
        CatalogTable table = BY_NAME.get(name);
        Invariant.check(table != null, "no catalog table is called %s (%s known)", name, BY_NAME.size());
        return table;
    }

    /** An index by its name in PostgreSQL, such as {@code pg_class_oid_index}. */
    public static CatalogIndex index(String name) {
        CatalogIndex index = INDEXES.get(name);
        Invariant.check(index != null, "no catalog index is called %s (%s known)", name, INDEXES.size());
        return index;
    }

    private static void parse(BufferedReader reader) throws IOException {
        String[] head = null;
        List<CatalogColumn> columns = new ArrayList<>();
        List<CatalogIndex> indexes = new ArrayList<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "T" -> {
                    add(head, columns, indexes);
                    head = words;
                    columns = new ArrayList<>();
                    indexes = new ArrayList<>();
                }
                case "C" -> columns.add(new CatalogColumn(words[1], CellTypes.of(Integer.parseInt(words[2])),
                        words[3].equals("1")));
                case "I" -> indexes.add(new CatalogIndex(Integer.parseInt(words[1]), words[2],
                        Integer.parseInt(head[1]), words[3].equals("1"), words[4].equals("1"),
                        Arrays.stream(words[5].split(",")).mapToInt(w -> Integer.parseInt(w) - 1).toArray()));
                default -> throw Invariant.broken("catalogs.txt has a line \"%s\"", line);
            }
        }
        add(head, columns, indexes);
    }

    private static void add(String[] head, List<CatalogColumn> columns, List<CatalogIndex> indexes) {
        if (head == null) {
            return;
        }
        CatalogTable table = new CatalogTable(Integer.parseInt(head[1]), head[2], head[3].equals("1"),
                Integer.parseInt(head[4]), Integer.parseInt(head[5]), List.copyOf(columns), List.copyOf(indexes));
        BY_OID.put(table.oid(), table);
        BY_NAME.put(table.name(), table);
        indexes.forEach(index -> INDEXES.put(index.name(), index));
    }
}
