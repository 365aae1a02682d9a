package io.quantadb.types;

import java.util.ArrayList;
import java.util.List;

/**
 * The value of a multirange type: ranges in order, none empty, no two overlapping or adjacent. Immutable.
 *
 * @param subtype of the ranges
 */
public record MultirangeValue(PgType subtype, List<RangeValue> ranges) implements Comparable<MultirangeValue> {
    /** Brings ranges into normal form: sorted, the empty ones left out, touching ones made one. */
    public static MultirangeValue of(PgType subtype, List<RangeValue> ranges) {
        List<RangeValue> sorted = new ArrayList<>(ranges);
        sorted.removeIf(RangeValue::isEmpty);
        sorted.sort(null);
        List<RangeValue> result = new ArrayList<>();
        for (RangeValue range : sorted) {
            RangeValue last = result.isEmpty() ? null : result.getLast();
            if (last != null && (last.overlaps(range) || last.isAdjacent(range))) {
                result.set(result.size() - 1, last.merge(range));
            } else {
                result.add(range);
            }
        }
        return new MultirangeValue(subtype, List.copyOf(result));
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** From the first lower to the last upper bound; the empty range if there is none. */
    public RangeValue span() {
        return isEmpty() ? RangeValue.empty(subtype) : ranges.getFirst().merge(ranges.getLast());
    }

    public MultirangeValue union(MultirangeValue other) {
        List<RangeValue> all = new ArrayList<>(ranges);
        all.addAll(other.ranges);
        return of(subtype, all);
    }

    public MultirangeValue intersect(MultirangeValue other) {
        List<RangeValue> result = new ArrayList<>();
        for (RangeValue a : ranges) {
            for (RangeValue b : other.ranges) {
                result.add(a.intersect(b));
            }
        }
        return of(subtype, result);
    }

    public MultirangeValue minus(MultirangeValue other) {
        List<RangeValue> left = new ArrayList<>(ranges);
        for (RangeValue b : other.ranges) {
            List<RangeValue> next = new ArrayList<>();
            left.forEach(a -> next.addAll(a.remainders(b)));
            left = next;
        }
        return of(subtype, left);
    }

    public boolean overlaps(MultirangeValue other) {
        return ranges.stream().anyMatch(a -> other.ranges.stream().anyMatch(a::overlaps));
    }

    public boolean contains(MultirangeValue other) {
        return other.ranges.stream().allMatch(b -> ranges.stream().anyMatch(a -> a.containsRange(b)));
    }

    @Override
    public int compareTo(MultirangeValue other) {
        for (int i = 0; i < Math.min(ranges.size(), other.ranges.size()); i++) {
            int order = ranges.get(i).compareTo(other.ranges.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(ranges.size(), other.ranges.size());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MultirangeValue that && ranges.equals(that.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    @Override
    public String toString() {
        return MultirangeOps.format(this, TextContext.DEFAULT);
    }
}
