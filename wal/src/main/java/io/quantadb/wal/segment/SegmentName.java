package io.quantadb.wal.segment;

/**
 * Which segment a file is.
 *
 * @param timeline history it belongs to
 * @param number position in it: its first LSN divided by the segment size
 */
public record SegmentName(int timeline, long number) implements Comparable<SegmentName> {
    @Override
    public int compareTo(SegmentName other) {
        int byNumber = Long.compare(number, other.number);
        return byNumber != 0 ? byNumber : Integer.compare(timeline, other.timeline);
    }
}
