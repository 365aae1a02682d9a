package io.quantadb.session;

import io.quantadb.base.Invariant;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * All settings the server knows, with the defaults it started with. Immutable after start; safe for use by many
 * threads.
 *
 * <p>Names and ranges are those of PostgreSQL 15, so that clients and tools find what they expect; which of them do
 * something here is said in the README.
 */
public final class SettingCatalog {
    private static final String RESOURCE = "settings.tsv";

    private final Map<String, SettingDefinition> definitions = new TreeMap<>();
    private final Map<String, String> serverValues = new TreeMap<>();

    /** @param overrides values from the configuration file and command line, in stored form, by setting name */
    public SettingCatalog(Map<String, String> overrides) {
        load();
        for (SettingDefinition definition : definitions.values()) {
            serverValues.put(key(definition.name()), definition.bootValue());
        }
        overrides.forEach((name, value) -> {
            Invariant.check(definitions.containsKey(key(name)), "setting %s of %s is unknown", name, "the configuration");
            serverValues.put(key(name), value);
        });
    }

    private void load() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            SettingCatalog.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith("#")) {
                    SettingDefinition definition = parse(line.split("\t", -1));
                    definitions.put(key(definition.name()), definition);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SettingDefinition parse(String[] fields) {
        return new SettingDefinition(fields[0], SettingDefinition.Type.valueOf(fields[1].toUpperCase(Locale.ROOT)), fields[2],
            fields[3], fields[4], fields[5], fields[6].isEmpty() ? List.of() : List.of(fields[6].split(",")), fields[7], fields[8]);
    }

    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Null if there is no such setting. */
    public SettingDefinition find(String name) {
        return definitions.get(key(name));
    }

    /** Throws 42704 if there is no such setting. */
    public SettingDefinition require(String name) {
        SettingDefinition definition = find(name);
        if (definition == null) {
            throw unknown(name);
        }
        return definition;
    }

    static SqlException unknown(String name) {
        return new SqlException(SqlState.UNDEFINED_OBJECT, "unrecognized configuration parameter \"" + name + "\"");
    }

    public Collection<SettingDefinition> all() {
        return Collections.unmodifiableCollection(definitions.values());
    }

    /** The value sessions begin with. */
    public String serverValue(String name) {
        return serverValues.get(key(name));
    }

    /** Names in the order of SHOW ALL. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        definitions.values().forEach(definition -> names.add(definition.name()));
        return names;
    }
}
