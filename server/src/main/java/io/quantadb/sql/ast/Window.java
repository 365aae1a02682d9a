package io.quantadb.sql.ast;

import java.util.List;

/**
 * A window: {@code OVER name}, {@code OVER (...)} or an element of the WINDOW clause.
 *
 * @param name      for {@code OVER name} the referenced, for a WINDOW element the defined name; else null
 * @param base      the window the definition copies from, or null
 * @param frame     null if not written
 * @param reference {@code OVER name}: everything else is empty
 */
public record Window(String name, String base, List<Expression> partitionBy, List<OrderItem> orderBy, Frame frame,
                     boolean reference, int position) implements Node {

    /** @param end {@code CURRENT ROW} when only the start was written, as the standard says */
    public record Frame(FrameUnit unit, FrameBound start, FrameBound end, Exclusion exclusion, int position)
            implements Node {
        /** Whether BETWEEN was not written; the end then has no place in the text. */
        public boolean startOnly() {
            return end.kind() == BoundKind.CURRENT_ROW && end.position() < 0;
        }
    }

    /** What a frame's offsets count. */
    public enum FrameUnit { ROWS, RANGE, GROUPS }

    /** @param offset only for the two OFFSET kinds */
    public record FrameBound(BoundKind kind, Expression offset, int position) implements Node {
    }

    /** Where a frame starts or ends. */
    public enum BoundKind { UNBOUNDED_PRECEDING, OFFSET_PRECEDING, CURRENT_ROW, OFFSET_FOLLOWING, UNBOUNDED_FOLLOWING }

    /** Rows taken out of a frame. */
    public enum Exclusion { NO_OTHERS, CURRENT_ROW, GROUP, TIES }
}
