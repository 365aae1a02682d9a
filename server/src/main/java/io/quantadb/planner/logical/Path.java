package io.quantadb.planner.logical;

import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.planner.physical.IndexCondition;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.sql.typed.Expr;
import java.util.BitSet;
import java.util.List;

/** A way to compute a set of joined entries, with its estimate; becomes a plan only if it is chosen. Immutable. */
public sealed interface Path {
    Estimate estimate();

    /** Entries it produces. */
    BitSet relids();

    /** Entries outside whose current row it needs: the inner side of a nested loop. */
    BitSet required();

    /** Order of the rows, most significant key first; may be empty. */
    List<OrderKey> order();

    default double cost() {
        return estimate().total();
    }

    /** Costs in PostgreSQL's units; {@code width} in bytes a row. */
    record Estimate(double startup, double total, double rows, int width) {
    }

    /** One key of an order over logical expressions. */
    record OrderKey(Expr expr, boolean descending, boolean nullsFirst) {
        public boolean sameAs(OrderKey other) {
            return descending == other.descending && nullsFirst == other.nullsFirst
                    && ColumnKey.lookup(expr).equals(ColumnKey.lookup(other.expr));
        }
    }

    /**
     * A scan of one range table entry.
     *
     * @param index     null: whatever the entry is read with otherwise (sequential scan, function, subquery...)
     * @param condition over logical expressions; null without index
     * @param bitmap    a bitmap over indexes, null if none
     * @param filters   what is left to check on each row
     * @param point     all of a unique index is fixed by values: at most one row
     * @param indexOnly no heap access is needed
     * @param checked   all conditions the scan guarantees
     * @param tids      row addresses to fetch, null if not by address
     */
    record Scan(Estimate estimate, BitSet relids, BitSet required, List<OrderKey> order, IndexDescriptor index,
            IndexCondition condition, BitmapPath bitmap, boolean backward, List<Expr> filters, boolean point,
            boolean indexOnly, List<Expr> checked, List<Expr> tids) implements Path {
    }

    /** Conditions above something that cannot check them itself. */
    record Filter(Estimate estimate, Path input, List<Expr> conditions) implements Path {
        @Override
        public BitSet relids() {
            return input.relids();
        }

        @Override
        public BitSet required() {
            return input.required();
        }

        @Override
        public List<OrderKey> order() {
            return input.order();
        }
    }

    /** An explicit sort, for merge joins. */
    record Sorted(Estimate estimate, Path input, List<OrderKey> order) implements Path {
        @Override
        public BitSet relids() {
            return input.relids();
        }

        @Override
        public BitSet required() {
            return input.required();
        }
    }

    /** One row for each combination of these columns: the right side of a semi join that is to be the outer one. */
    record Unique(Estimate estimate, Path input, List<Expr> columns) implements Path {
        @Override
        public BitSet relids() {
            return input.relids();
        }

        @Override
        public BitSet required() {
            return input.required();
        }

        @Override
        public List<OrderKey> order() {
            return List.of();
        }
    }

    /** How a join compares. */
    enum Method { NESTED_LOOP, HASH, MERGE }

    /** An equality between the two sides of a join, converted to one type. */
    record Equality(Expr left, Expr right) {
    }

    /**
     * @param equalities keys of a hash or merge join
     * @param conditions further conditions of the join itself
     * @param filters    conditions above the join (of WHERE, above an outer join)
     */
    record Join(Estimate estimate, JoinType type, Method method, Path left, Path right, List<Equality> equalities,
            List<Expr> conditions, List<Expr> filters, BitSet relids, BitSet required, List<OrderKey> order)
            implements Path {
    }

    /** No FROM at all: one row. */
    record Nothing(Estimate estimate) implements Path {
        @Override
        public BitSet relids() {
            return new BitSet();
        }

        @Override
        public BitSet required() {
            return new BitSet();
        }

        @Override
        public List<OrderKey> order() {
            return List.of();
        }
    }

    /** A combination of index scans by row address. */
    sealed interface BitmapPath {
        Estimate estimate();

        record Index(Estimate estimate, IndexCondition condition) implements BitmapPath {
        }

        record And(Estimate estimate, List<BitmapPath> inputs) implements BitmapPath {
        }

        record Or(Estimate estimate, List<BitmapPath> inputs) implements BitmapPath {
        }
    }
}
