package io.quantadb.sql.typed;

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

    private Origin(int position, CoercionForm form) {
        this.position = position;
        this.form = form;
    }

    /** @param position zero-based UTF-16 offset in the statement's text, -1 if unknown */
    public static Origin at(int position) {
        return position < 0 ? NONE : new Origin(position, CoercionForm.CALL);
    }

    public static Origin at(int position, CoercionForm form) {
        return new Origin(position, form);
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
