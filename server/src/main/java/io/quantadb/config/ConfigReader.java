package io.quantadb.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Reads typed values out of one object of the configuration file and afterwards refuses what nobody asked for.
 * Confined to one thread.
 */
final class ConfigReader {
    private final String file;
    private final String path;
    private final JsonNode node;
    private final long availableMemoryBytes;
    private final Set<String> known = new HashSet<>();

    /** @param node an object node, or null for a section that is absent */
    ConfigReader(String file, String path, JsonNode node, long availableMemoryBytes) throws ConfigException {
        this.file = file;
        this.path = path;
        this.node = node;
        this.availableMemoryBytes = availableMemoryBytes;
        if (node != null && !node.isObject()) {
            throw new ConfigException(file + ": " + (path.isEmpty() ? "the file" : "\"" + path + "\"")
                    + " must be a JSON object");
        }
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private JsonNode find(String key) {
        known.add(key);
        return node == null ? null : node.get(key);
    }

    private ConfigException wrong(String key, JsonNode value, String allowed) {
        return new ConfigException(file + ": " + pathOf(key) + " = " + value + " is not allowed; expected " + allowed);
    }

    boolean has(String key) {
        return find(key) != null;
    }

    ConfigReader section(String key) throws ConfigException {
        return new ConfigReader(file, pathOf(key), find(key), availableMemoryBytes);
    }

    String text(String key, String fallback) throws ConfigException {
        JsonNode value = find(key);
        if (value == null) {
            return fallback;
        }
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw wrong(key, value, "a non-empty string");
        }
        return value.textValue();
    }

    String choice(String key, String fallback, String... allowed) throws ConfigException {
        JsonNode value = find(key);
        if (value == null) {
            return fallback;
        }
        for (String candidate : allowed) {
            if (value.isTextual() && value.textValue().equals(candidate)) {
                return candidate;
            }
        }
        throw wrong(key, value, "one of \"" + String.join("\", \"", allowed) + "\"");
    }

    boolean bool(String key, boolean fallback) throws ConfigException {
        JsonNode value = find(key);
        if (value == null) {
            return fallback;
        }
        if (!value.isBoolean()) {
            throw wrong(key, value, "true or false");
        }
        return value.booleanValue();
    }

    int integer(String key, int fallback, int smallest, int largest) throws ConfigException {
        JsonNode value = find(key);
        if (value == null) {
            return fallback;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < smallest
                || value.intValue() > largest) {
            throw wrong(key, value, "a whole number from " + smallest + " to " + largest);
        }
        return value.intValue();
    }

    double fraction(String key, double fallback) throws ConfigException {
        JsonNode value = find(key);
        if (value == null) {
            return fallback;
        }
        if (!value.isNumber() || value.doubleValue() < 0 || value.doubleValue() > 1) {
            throw wrong(key, value, "a number from 0 to 1");
        }
        return value.doubleValue();
    }

    /** Bytes, at least {@code smallest}. */
    long size(String key, long fallback, long smallest, long largest) throws ConfigException {
        JsonNode value = find(key);
        if (value == null) {
            return fallback;
        }
        long bytes = value.isTextual() ? Units.bytes(value.textValue(), availableMemoryBytes) : -1;
        if (bytes < smallest || bytes > largest) {
            throw wrong(key, value, Units.SIZES_ALLOWED + ", from " + smallest + " to " + largest + " bytes");
        }
        return bytes;
    }

    /** Milliseconds. */
    long duration(String key, long fallback, long smallest) throws ConfigException {
        JsonNode value = find(key);
        if (value == null) {
            return fallback;
        }
        long millis = value.isTextual() ? Units.millis(value.textValue()) : -1;
        if (millis < smallest) {
            throw wrong(key, value, Units.DURATIONS_ALLOWED + ", at least " + smallest + "ms");
        }
        return millis;
    }

    /** Keys of the section, which is then taken as known whatever it holds. */
    List<String> keys() {
        List<String> keys = new ArrayList<>();
        if (node != null) {
            for (Iterator<String> names = node.fieldNames(); names.hasNext();) {
                String name = names.next();
                known.add(name);
                keys.add(name);
            }
        }
        return keys;
    }

    /** A value of any simple kind as text. */
    String anyText(String key) throws ConfigException {
        JsonNode value = find(key);
        if (value == null || !value.isValueNode()) {
            throw wrong(key, value, "a string, number or boolean");
        }
        return value.isBoolean() ? value.booleanValue() ? "on" : "off" : value.asText();
    }

    /** Throws if the section has a key nobody asked for. */
    void finish() throws ConfigException {
        if (node == null) {
            return;
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext();) {
            String name = names.next();
            if (!known.contains(name)) {
                List<String> allowed = new ArrayList<>(known);
                allowed.sort(null);
                throw new ConfigException(file + ": unknown key " + pathOf(name) + " = " + node.get(name)
                        + "; allowed here: "
                    + String.join(", ", allowed));
            }
        }
    }
}
