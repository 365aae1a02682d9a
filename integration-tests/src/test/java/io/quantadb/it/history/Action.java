package io.quantadb.it.history;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** One step of a transaction, with what it read. Values of one key are never written twice. */
public sealed interface Action {

    /** Adds a value at the end of a key's list. */
    record Append(long key, long value) implements Action {
    }

    /** @param values the whole list, in its order; empty when the key does not exist */
    record ReadList(long key, List<Long> values) implements Action {
        public ReadList {
            values = List.copyOf(values);
        }
    }

    record Write(long key, long value) implements Action {
    }

    /** @param value null when the key does not exist */
    record Read(long key, Long value) implements Action {
    }

    /** The sum and number of all accounts. */
    record Total(long sum, long count) implements Action {
    }

    /** One word, without spaces, that {@link #parse} reads back. */
    default String text() {
        return switch (this) {
            case Append a -> "append:" + a.key + ":" + a.value;
            case ReadList r -> "list:" + r.key + ":" + r.values.stream().map(String::valueOf)
                .collect(Collectors.joining(","));
            case Write w -> "write:" + w.key + ":" + w.value;
            case Read r -> "read:" + r.key + ":" + (r.value == null ? "" : r.value);
            case Total t -> "total:" + t.sum + ":" + t.count;
        };
    }

    static Action parse(String text) {
        String[] parts = text.split(":", -1);
        long first = Long.parseLong(parts[1]);
        return switch (parts[0]) {
            case "append" -> new Append(first, Long.parseLong(parts[2]));
            case "list" -> new ReadList(first, parts[2].isEmpty() ? List.of()
                : Arrays.stream(parts[2].split(",")).map(Long::valueOf).toList());
            case "write" -> new Write(first, Long.parseLong(parts[2]));
            case "read" -> new Read(first, parts[2].isEmpty() ? null : Long.valueOf(parts[2]));
            case "total" -> new Total(first, Long.parseLong(parts[2]));
            default -> throw new IllegalArgumentException("not an action: " + text);
        };
    }
}
