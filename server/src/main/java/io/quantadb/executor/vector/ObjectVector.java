package io.quantadb.executor.vector;

import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.Arrays;

/**
 * Values of kind OBJECT; NULL is null.
 *
 * <p>Texts fresh from a page need not be objects yet. Two lazy forms, each for the whole vector: <em>short</em>, where
 * every value is packed into a long (see {@link ShortText}) and which lasts like any other contents; and <em>slices</em>,
 * where a value is the address and length of its stored bytes, good only while the scan has their page pinned, that is
 * for the scan's own filter. Whoever wants {@link #values} asks {@link #values(int[], int)} for it.
 */
public final class ObjectVector extends Vector {
    private static final int OBJECTS = 0;
    private static final int SHORT = 1;
    private static final int SLICES = 2;
    /** Length of a slice that stands for NULL. */
    public static final int NULL_SLICE = -1;

    /** Complete only in object form: see {@link #values(int[], int)}. */
    public Object[] values = new Object[INITIAL];
    private long[] bits;
    private long[] addresses;
    private int[] lengths;
    private int form;
    private int formBefore;
    private ShortText strings;
    private final boolean blankPadded;

    public ObjectVector(PgType type) {
        super(type);
        blankPadded = type.oid() == Oids.BPCHAR;
    }

    /** The array, with objects at the given positions. */
    public Object[] values(int[] selection, int count) {
        if (form != OBJECTS) {
            for (int i = 0; i < count; i++) {
                values[selection[i]] = get(selection[i]);
            }
        }
        return values;
    }

    /** Packed values if all are short, else null; {@link ShortText#NULL} for NULL. */
    public long[] shortBits() {
        return form == SHORT ? bits : null;
    }

    /** Bits that decide equality of packed values: all, or for blank-padded text all but the number of blanks. */
    public long shortMask() {
        return blankPadded ? ShortText.WITHOUT_BLANKS : -1;
    }

    /** Whether the vector is in slice form: addresses are then {@link #sliceAddresses}. */
    public boolean isSliced() {
        return form == SLICES;
    }

    public long[] sliceAddresses() {
        return addresses;
    }

    /** Lengths in bytes, {@link #NULL_SLICE} for NULL. */
    public int[] sliceLengths() {
        return lengths;
    }

    /** Makes the vector short, with room as for objects. @return the array to fill */
    public long[] beginShort() {
        form = SHORT;
        if (bits == null) {
            bits = new long[values.length];
        } else if (bits.length < values.length) {
            bits = Arrays.copyOf(bits, values.length);
        }
        return bits;
    }

    /** Makes the vector sliced, with room as for objects; what it contained comes back with {@link #endSlices}. */
    public void beginSlices() {
        formBefore = form;
        form = SLICES;
        if (lengths == null || lengths.length < values.length) {
            lengths = new int[values.length];
            addresses = new long[values.length];
        }
    }

    /** Back to the form before. */
    public void endSlices() {
        if (form == SLICES) {
            form = formBefore;
        }
    }

    /** Turns positions 0 to {@code count - 1} into objects. */
    public void materialize(int count) {
        if (form == SHORT) {
            for (int i = 0; i < count; i++) {
                values[i] = get(i);
            }
            form = OBJECTS;
        }
    }

    @Override
    public boolean isNull(int row) {
        return switch (form) {
            case SHORT -> bits[row] == ShortText.NULL;
            case SLICES -> lengths[row] == NULL_SLICE;
            default -> values[row] == null;
        };
    }

    @Override
    public Object get(int row) {
        return switch (form) {
            case SHORT -> shortString(row);
            case SLICES -> lengths[row] == NULL_SLICE ? null : type().ops().decode(addresses[row], lengths[row]);
            default -> values[row];
        };
    }

    private String shortString(int row) {
        if (bits[row] == ShortText.NULL) {
            return null;
        }
        if (strings == null) {
            strings = new ShortText();
        }
        return strings.string(bits[row]);
    }

    @Override
    public void set(int row, Object value) {
        ensure(row + 1);
        materialize(row);
        values[row] = value;
    }

    @Override
    public void setNull(int row) {
        set(row, null);
    }

    @Override
    public void copy(int row, Vector source, int sourceRow) {
        set(row, source.get(sourceRow));
    }

    @Override
    public void ensure(int rows) {
        if (rows > values.length) {
            values = Arrays.copyOf(values, grown(rows));
            if (form == SHORT) {
                bits = Arrays.copyOf(bits, values.length);
            }
        }
    }

    @Override
    public void reset() {
        form = OBJECTS;
    }

    @Override
    public boolean mayHaveNulls() {
        return true;
    }
}
