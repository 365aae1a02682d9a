package io.quantadb.sql.typed;

import java.util.List;

/**
 * Where an expression stood in the text and how it was written: all that two equal expressions may differ in.
 *
 * <p>Any two origins are equal, so the generated {@code equals} of expression records ignores them; that is what lets
 * {@code GROUP BY a + 1} match {@code a+1} of the target list.
 */
public final class Origin {
    /** Made by the system: no position, an ordinary call. */
    public static final Origin NONE = new Origin(-1, CoercionForm.CALL);

    private final int position;
    private final CoercionForm form;
    private final List<Expr> written;

    private Origin(int position, CoercionForm form) {
        this(position, form, null);
    }

    private Origin(int position, CoercionForm form, List<Expr> written) {
        this.position = position;
        this.form = form;
        this.written = written;
    }

    /** @param position zero-based UTF-16 offset in the statement's text, -1 if unknown */
    public static Origin at(int position) {
        return position < 0 ? NONE : new Origin(position, CoercionForm.CALL);
    }

    public static Origin at(int position, CoercionForm form) {
        return new Origin(position, form);
    }

    /** The same place; a call's arguments were written this way, by name or with some left to their defaults. */
    public Origin withWritten(List<Expr> arguments) {
        return new Origin(position, form, List.copyOf(arguments));
    }

    /** A call's arguments as written where that is not how it takes them; else null. For printing only. */
    public List<Expr> written() {
        return written;
    }

    public int position() {
        return position;
    }

    public CoercionForm form() {
        return form;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Origin;
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "@" + position;
    }
}
