package io.quantadb.planner;

import io.quantadb.planner.logical.ColumnKey;
import io.quantadb.planner.logical.Path;
import io.quantadb.planner.logical.Path.OrderKey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * The useful paths for one set of items: none is at least as expensive as another one that is as ordered and needs no
 * more. Bounded by {@link #MAX_PATHS}.
 */
final class PathSet {
    /** More ways than this to compute one set are never worth their planning time. */
    private static final int MAX_PATHS = 12;
    private static final double FUZZ = 1.01;

    private final QueryPlanner planner;
    private final Set<Object> useful;
    private final List<Path> paths = new ArrayList<>();

    /** @param useful expressions some order of which may still serve a join */
    PathSet(QueryPlanner planner, Set<Object> useful) {
        this.planner = planner;
        this.useful = useful;
    }

    List<Path> paths() {
        return paths;
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    /** Whether a path with these properties could survive; to be asked before it is made. */
    boolean accepts(double startup, double total, BitSet required, List<OrderKey> order) {
        for (Path other : paths) {
            if (other.cost() <= total && notLater(other.estimate().startup(), startup, total)
                    && contains(required, other.required()) && covers(other.order(), order)) {
                return false;
            }
        }
        return true;
    }

    void add(Path path) {
        Path.Estimate e = path.estimate();
        if (!accepts(e.startup(), e.total(), path.required(), path.order())) {
            return;
        }
        paths.removeIf(other -> e.total() <= other.cost()
                && notLater(e.startup(), other.estimate().startup(), other.cost())
                && contains(other.required(), path.required()) && covers(path.order(), other.order()));
        paths.add(path);
        if (paths.size() > MAX_PATHS) {
            paths.remove(mostExpensive());
        }
    }

    /** Never the cheapest that stands alone: without it there may be no plan. */
    private Path mostExpensive() {
        Path kept = cheapest();
        Path result = null;
        for (Path path : paths) {
            if (path != kept && (result == null || path.cost() > result.cost())) {
                result = path;
            }
        }
        return result;
    }

    /** First rows matter only where a LIMIT may stop early. */
    private boolean notLater(double a, double b, double total) {
        return !planner.fastStart() || a <= b * FUZZ + total * 0.001;
    }

    private static boolean contains(BitSet whole, BitSet part) {
        for (int i = part.nextSetBit(0); i >= 0; i = part.nextSetBit(i + 1)) {
            if (!whole.get(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean covers(List<OrderKey> a, List<OrderKey> b) {
        if (b.isEmpty() || !useful.contains(ColumnKey.lookup(b.getFirst().expr())) && !planner.wantsOrderAbove(b)) {
            return true;
        }
        if (b.size() > a.size()) {
            return false;
        }
        for (int i = 0; i < b.size(); i++) {
            if (!a.get(i).sameAs(b.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Of all, the one that needs least of other entries, then the cheapest. */
    Path cheapest() {
        return JoinPlanner.cheapest(paths);
    }
}
