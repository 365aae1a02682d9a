package io.quantadb.txn;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Pairs of commands for row versions that one transaction both inserted and deleted: the header has room for one. Ids count from 0.
 * In memory only: nobody else looks at the commands of a running transaction.
 */
final class ComboCommands {
    private final Map<Long, Integer> ids = new HashMap<>();
    private long[] pairs = new long[8];

    int idOf(int insertCommand, int deleteCommand) {
        long pair = (long) insertCommand << 32 | deleteCommand & 0xFFFFFFFFL;
        Integer known = ids.get(pair);
        if (known != null) {
            return known;
        }
        int id = ids.size();
        if (id == pairs.length) {
            pairs = Arrays.copyOf(pairs, id * 2);
        }
        pairs[id] = pair;
        ids.put(pair, id);
        return id;
    }

    int insertCommand(int id) {
        return (int) (pairs[id] >>> 32);
    }

    int deleteCommand(int id) {
        return (int) pairs[id];
    }
}
