package io.quantadb.sql.parser;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.OrderItem;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Window;
import io.quantadb.sql.ast.Window.BoundKind;
import io.quantadb.sql.ast.Window.Exclusion;
import io.quantadb.sql.ast.Window.Frame;
import io.quantadb.sql.ast.Window.FrameBound;
import io.quantadb.sql.ast.Window.FrameUnit;
import java.util.ArrayList;
import java.util.List;

/** ORDER BY, OVER and WINDOW. */
abstract class WindowParser extends SpecialFunctionParser {
    WindowParser(String sql) {
        super(sql);
    }

    @Override
    final List<OrderItem> orderBy() {
        expect(Keyword.ORDER, Keyword.BY);
        OrderItem first = orderItem();
        if (!at(',')) {
            return List.of(first);
        }
        List<OrderItem> items = new ArrayList<>();
        items.add(first);
        while (accept(',')) {
            items.add(orderItem());
        }
        return items;
    }

    private OrderItem orderItem() {
        int start = token.start;
        Expression expression = expression();
        OrderItem.Direction direction;
        QualifiedName operator = null;
        if (accept(Keyword.USING)) {
            direction = OrderItem.Direction.USING;
            int place = token.start;
            operator = at(Keyword.OPERATOR) ? qualifiedOperator() : QualifiedName.of(anyOperator(), place);
        } else {
            direction = direction();
        }
        return new OrderItem(expression, direction, operator, nulls(), start);
    }

    final OrderItem.Direction direction() {
        if (accept(Keyword.ASC)) {
            return OrderItem.Direction.ASCENDING;
        }
        return accept(Keyword.DESC) ? OrderItem.Direction.DESCENDING : OrderItem.Direction.DEFAULT;
    }

    final OrderItem.Nulls nulls() {
        if (accept(Keyword.NULLS, Keyword.FIRST)) {
            return OrderItem.Nulls.FIRST;
        }
        return accept(Keyword.NULLS, Keyword.LAST) ? OrderItem.Nulls.LAST : OrderItem.Nulls.DEFAULT;
    }

    @Override
    final Window over() {
        advance();
        int start = token.start;
        if (at('(')) {
            return specification(null, start);
        }
        return new Window(columnId(), null, List.of(), List.of(), null, true, start);
    }

    final List<Window> windowClause() {
        expect(Keyword.WINDOW);
        List<Window> windows = new ArrayList<>();
        do {
            int start = token.start;
            String name = columnId();
            expect(Keyword.AS);
            windows.add(specification(name, start));
        } while (accept(','));
        return windows;
    }

    private Window specification(String name, int start) {
        expect('(');
        boolean clause = at(Keyword.PARTITION) || at(Keyword.RANGE) || at(Keyword.ROWS) || at(Keyword.GROUPS);
        String base = !clause && atColumnId() ? columnId() : null;
        List<Expression> partitionBy = List.of();
        if (accept(Keyword.PARTITION)) {
            expect(Keyword.BY);
            partitionBy = expressionList();
        }
        List<OrderItem> orderBy = at(Keyword.ORDER) ? orderBy() : List.of();
        Frame frame = frame();
        expect(')');
        return new Window(name, base, partitionBy, orderBy, frame, false, start);
    }

    private Frame frame() {
        int start = token.start;
        FrameUnit unit;
        if (accept(Keyword.ROWS)) {
            unit = FrameUnit.ROWS;
        } else if (accept(Keyword.RANGE)) {
            unit = FrameUnit.RANGE;
        } else if (accept(Keyword.GROUPS)) {
            unit = FrameUnit.GROUPS;
        } else {
            return null;
        }
        FrameBound from;
        FrameBound to;
        if (accept(Keyword.BETWEEN)) {
            from = bound();
            expect(Keyword.AND);
            to = bound();
        } else {
            from = bound();
            to = new FrameBound(BoundKind.CURRENT_ROW, null, -1);
        }
        check(from, to);
        return new Frame(unit, from, to, exclusion(), start);
    }

    private void check(FrameBound from, FrameBound to) {
        String message = null;
        FrameBound where = to.position() < 0 ? from : to;
        if (from.kind() == BoundKind.UNBOUNDED_FOLLOWING) {
            message = "frame start cannot be UNBOUNDED FOLLOWING";
            where = from;
        } else if (to.kind() == BoundKind.UNBOUNDED_PRECEDING) {
            message = "frame end cannot be UNBOUNDED PRECEDING";
        } else if (from.kind() == BoundKind.CURRENT_ROW && to.kind() == BoundKind.OFFSET_PRECEDING) {
            message = "frame starting from current row cannot have preceding rows";
        } else if (from.kind() == BoundKind.OFFSET_FOLLOWING && to.kind() == BoundKind.OFFSET_PRECEDING) {
            message = "frame starting from following row cannot have preceding rows";
        } else if (from.kind() == BoundKind.OFFSET_FOLLOWING && to.kind() == BoundKind.CURRENT_ROW) {
            message = to.position() < 0 ? "frame starting from following row cannot end with current row"
                    : "frame starting from following row cannot have preceding rows";
        }
        if (message != null) {
            throw new SqlException(SqlState.WINDOWING_ERROR, message).atOffset(sql, where.position());
        }
    }

    private FrameBound bound() {
        int start = token.start;
        if (at(Keyword.UNBOUNDED) && (peekIs(Keyword.PRECEDING) || peekIs(Keyword.FOLLOWING))) {
            advance();
            boolean preceding = at(Keyword.PRECEDING);
            advance();
            return new FrameBound(preceding ? BoundKind.UNBOUNDED_PRECEDING : BoundKind.UNBOUNDED_FOLLOWING, null,
                    start);
        }
        if (accept(Keyword.CURRENT, Keyword.ROW)) {
            return new FrameBound(BoundKind.CURRENT_ROW, null, start);
        }
        Expression offset = expression();
        boolean preceding = accept(Keyword.PRECEDING);
        if (!preceding) {
            expect(Keyword.FOLLOWING);
        }
        return new FrameBound(preceding ? BoundKind.OFFSET_PRECEDING : BoundKind.OFFSET_FOLLOWING, offset, start);
    }

    private Exclusion exclusion() {
        if (!accept(Keyword.EXCLUDE)) {
            return Exclusion.NO_OTHERS;
        }
        if (accept(Keyword.CURRENT)) {
            expect(Keyword.ROW);
            return Exclusion.CURRENT_ROW;
        }
        if (accept(Keyword.GROUP)) {
            return Exclusion.GROUP;
        }
        if (accept(Keyword.TIES)) {
            return Exclusion.TIES;
        }
        expect(Keyword.NO, Keyword.OTHERS);
        return Exclusion.NO_OTHERS;
    }
}
