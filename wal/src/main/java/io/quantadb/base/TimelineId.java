package io.quantadb.base;

/**
 * One history of the WAL. Every promotion starts a new one at the end of the WAL it promotes.
 *
 * @param value 1 for a new cluster, growing by one at each promotion
 */
public record TimelineId(int value) implements Comparable<TimelineId> {
    public static final TimelineId FIRST = new TimelineId(1);

    public TimelineId {
        Invariant.check(value > 0, "timeline %d, smallest is %d", value, 1);
    }

    @Override
    public int compareTo(TimelineId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
