package io.quantadb.types.json;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Subscripts of jsonb: reading a part and storing one, whereby missing containers are made. Stateless. */
public final class JsonSubscripts {
    private JsonSubscripts() {
    }

    /** The part at a path; null if there is none. */
    public static JsonValue get(JsonValue value, String[] path) {
        JsonValue at = value;
        for (String step : path) {
            at = switch (at) {
                case JsonValue.Obj object -> object.get(step);
                case JsonValue.Arr array -> {
                    Integer index = index(step);
                    int place = index == null ? -1 : index < 0 ? array.size() + index : index;
                    yield index == null || place < 0 || place >= array.size() ? null : array.elements().get(place);
                }
                default -> null;
            };
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    /**
     * A document with the part at a path replaced.
     *
     * @param value null: a new array or object, as {@code startsWithArray} says
     */
    public static JsonValue set(JsonValue value, String[] path, boolean startsWithArray, JsonValue part) {
        JsonValue start = value != null ? value
                : startsWithArray ? new JsonValue.Arr(List.of()) : JsonValue.Obj.of(List.of());
        return set(start, path, 0, part);
    }

    private static Integer index(String step) {
        try {
            return Integer.valueOf(step.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static JsonValue set(JsonValue value, String[] path, int depth, JsonValue part) {
        if (depth == path.length) {
            return part;
        }
        return switch (value) {
            case JsonValue.Obj object -> {
                Map<String, JsonValue> members = object.toMap();
                JsonValue old = members.get(path[depth]);
                members.put(path[depth], depth == path.length - 1 ? part
                        : old == null ? fresh(path, depth + 1, part) : set(old, path, depth + 1, part));
                yield JsonValue.Obj.of(members);
            }
            case JsonValue.Arr array -> setElement(array, path, depth, part);
            default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "cannot replace existing key")
                    .withDetail("The path assumes key is a composite object, but it is a scalar value.");
        };
    }

    private static JsonValue setElement(JsonValue.Arr array, String[] path, int depth, JsonValue part) {
        Integer index = index(path[depth]);
        if (index == null) {
            throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "path element at position " + (depth + 1)
                    + " is not an integer: \"" + path[depth] + "\"");
        }
        if (index < 0 && -(long) index > array.size()) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "path element at position " + (depth + 1)
                    + " is out of range: " + index);
        }
        int place = index < 0 ? array.size() + index : index;
        List<JsonValue> elements = new ArrayList<>(array.elements());
        if (place < elements.size()) {
            elements.set(place, depth == path.length - 1 ? part : set(elements.get(place), path, depth + 1, part));
        } else {
            fill(elements, place);
            elements.add(fresh(path, depth + 1, part));
        }
        return new JsonValue.Arr(elements);
    }

    private static void fill(List<JsonValue> elements, int size) {
        while (elements.size() < size) {
            elements.add(JsonValue.NULL);
        }
    }

    /** New containers for the rest of a path: arrays where a step is a number. */
    private static JsonValue fresh(String[] path, int depth, JsonValue part) {
        if (depth == path.length) {
            return part;
        }
        JsonValue inner = fresh(path, depth + 1, part);
        Integer index = index(path[depth]);
        if (index == null) {
            return JsonValue.Obj.of(List.of(Map.entry(path[depth], inner)));
        }
        List<JsonValue> elements = new ArrayList<>();
        fill(elements, Math.max(index, 0));
        elements.add(inner);
        return new JsonValue.Arr(elements);
    }
}
