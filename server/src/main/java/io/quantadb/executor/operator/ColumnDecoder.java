package io.quantadb.executor.operator;

import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.ToastReader;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.base.Memory;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.executor.vector.DoubleVector;
import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.NumericVector;
import io.quantadb.executor.vector.ObjectVector;
import io.quantadb.executor.vector.ShortText;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.txn.TupleHeader;
import io.quantadb.types.NumericStorage;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.RowValue;
import io.quantadb.types.TidValue;

/**
 * Decodes one attribute of many row versions from their page into a vector. The pages must be pinned; what is decoded
 * does not refer to them. Confined to one thread.
 */
abstract class ColumnDecoder {
    /**
     * Decodes some rows into the same positions of a vector, which has room: position {@code p} is row {@code p - base}
     * of the arrays.
     *
     * @param positions the first {@code count} count; increasing
     * @param plain no row has NULLs or lacks attributes
     */
    abstract void decode(long[] tuples, long[] tids, int base, int[] positions, int count, boolean plain, Vector out);

    /**
     * As decode, for a filter that runs while the pages are pinned: the vector may be left in slices that refer to them.
     *
     * @return whether the attribute must be decoded again for the rows that are kept
     */
    boolean decodeForFilter(long[] tuples, long[] tids, int base, int[] positions, int count, boolean plain,
            Vector out) {
        decode(tuples, tids, base, positions, count, plain, out);
        return false;
    }

    /** The decoder for an attribute number as in {@code ScanTarget}. */
    static ColumnDecoder of(int attribute, HeapRelation heap, RelationDescriptor relation) {
        TupleLayout layout = heap.layout();
        if (attribute > 0) {
            return ofColumn(attribute - 1, layout, heap.toast());
        }
        return switch (attribute) {
            case InputRef.ROW_ID -> new RowIdDecoder();
            case 0 -> new WholeRowDecoder(relation, layout, heap.toast());
            default -> new SystemDecoder(attribute, relation.oid());
        };
    }

    private static ColumnDecoder ofColumn(int index, TupleLayout layout, ToastReader toast) {
        PgType type = layout.attribute(index).type();
        return switch (type.kind()) {
            case LONG, BOOL -> new LongDecoder(index, layout);
            case DOUBLE -> new DoubleDecoder(index, layout);
            case OBJECT -> Vector.of(type) instanceof NumericVector ? new NumericDecoder(index, layout, toast)
                    : isText(type) ? new TextDecoder(index, layout, toast) : new ObjectDecoder(index, layout, toast);
        };
    }

    private static boolean isText(PgType type) {
        return type.oid() == Oids.TEXT || type.oid() == Oids.VARCHAR || type.oid() == Oids.BPCHAR;
    }

    /** Whether the fast loops apply: no NULLs, and all attributes stored. */
    static boolean isPlain(long tuple, int attributeCount) {
        return (TupleHeader.infomask(tuple) & TupleHeader.HAS_NULLS) == 0
                && TupleHeader.natts(tuple) >= attributeCount;
    }

    private static final class LongDecoder extends ColumnDecoder {
        private final int index;
        private final TupleLayout layout;
        private final int offset;
        private final int width;
        private final boolean unsigned;

        LongDecoder(int index, TupleLayout layout) {
            this.index = index;
            this.layout = layout;
            this.offset = TupleHeader.SIZE_BYTES + layout.fixedOffset(index);
            this.width = layout.width(index);
            this.unsigned = layout.attribute(index).type().unsigned();
        }

        @Override
        void decode(long[] tuples, long[] tids, int base, int[] positions, int count, boolean plain, Vector out) {
            LongVector vector = (LongVector) out;
            long[] values = vector.values;
            if (plain && !vector.mayHaveNulls()) {
                if (width == 8) {
                    for (int i = 0; i < count; i++) {
                        int p = positions[i];
                        values[p] = Memory.getLong(tuples[p - base] + offset);
                    }
                    return;
                }
                if (width == 4 && !unsigned) {
                    for (int i = 0; i < count; i++) {
                        int p = positions[i];
                        values[p] = Memory.getInt(tuples[p - base] + offset);
                    }
                    return;
                }
            }
            for (int i = 0; i < count; i++) {
                int p = positions[i];
                long tuple = tuples[p - base];
                if (!plain && TupleReader.isNull(layout, tuple, index)) {
                    vector.setNull(p);
                } else {
                    vector.setLong(p, TupleReader.getLong(layout, tuple, index));
                }
            }
        }
    }

    private static final class DoubleDecoder extends ColumnDecoder {
        private final int index;
        private final TupleLayout layout;
        private final int offset;
        private final boolean wide;

        DoubleDecoder(int index, TupleLayout layout) {
            this.index = index;
            this.layout = layout;
            this.offset = TupleHeader.SIZE_BYTES + layout.fixedOffset(index);
            this.wide = layout.width(index) == 8;
        }

        @Override
        void decode(long[] tuples, long[] tids, int base, int[] positions, int count, boolean plain, Vector out) {
            DoubleVector vector = (DoubleVector) out;
            if (plain && wide && !vector.mayHaveNulls()) {
                double[] values = vector.values;
                for (int i = 0; i < count; i++) {
                    int p = positions[i];
                    values[p] = Memory.getDouble(tuples[p - base] + offset);
                }
                return;
            }
            for (int i = 0; i < count; i++) {
                int p = positions[i];
                long tuple = tuples[p - base];
                if (!plain && TupleReader.isNull(layout, tuple, index)) {
                    vector.setNull(p);
                } else {
                    vector.setDouble(p, TupleReader.getDouble(layout, tuple, index));
                }
            }
        }
    }

    /** Where a variable-width attribute's bytes are in plain rows. */
    private abstract static class VariableDecoder extends ColumnDecoder {
        final int index;
        final TupleLayout layout;
        final ToastReader toast;
        private final int endOffset;
        private final int firstStart;

        VariableDecoder(int index, TupleLayout layout, ToastReader toast) {
            this.index = index;
            this.layout = layout;
            this.toast = toast;
            int number = layout.variableNumber(index);
            this.endOffset = layout.endsOffset() + 2 * number;
            this.firstStart = number == 0 ? layout.variableOffset() : -1;
        }

        /** As TupleReader.inlineBytes, for a row that is plain. */
        final long plainBytes(long tuple) {
            int start;
            int end;
            if (firstStart >= 0) {
                start = firstStart;
                end = Memory.getUnsignedShort(tuple + endOffset);
            } else {
                int both = Memory.getInt(tuple + endOffset - 2);
                start = both & ~TupleLayout.EXTERNAL & 0xFFFF;
                end = both >>> 16;
            }
            return end >= TupleLayout.EXTERNAL ? -1 : (long) start << 32 | end - start;
        }

        final Object object(long tuple) {
            return TupleReader.getObject(layout, tuple, index, toast);
        }
    }

    private static final class NumericDecoder extends VariableDecoder {
        NumericDecoder(int index, TupleLayout layout, ToastReader toast) {
            super(index, layout, toast);
        }

        @Override
        void decode(long[] tuples, long[] tids, int base, int[] positions, int count, boolean plain, Vector out) {
            NumericVector vector = (NumericVector) out;
            int done = plain && !vector.mayHaveNulls() && vector.isScaled()
                    ? decodeScaled(tuples, base, positions, count, vector) : 0;
            for (int i = done; i < count; i++) {
                int p = positions[i];
                long tuple = tuples[p - base];
                if (!plain && TupleReader.isNull(layout, tuple, index)) {
                    vector.setNull(p);
                    continue;
                }
                long place = TupleReader.inlineBytes(layout, tuple, index);
                long address = tuple + (place >>> 32);
                if (place != -1 && NumericStorage.isCompact(address)) {
                    vector.setScaled(p, NumericStorage.unscaled(address), NumericStorage.scale(address));
                } else {
                    vector.set(p, object(tuple));
                }
            }
        }

        /** Decodes compact values of one scale. @return how many there were at the beginning */
        private int decodeScaled(long[] tuples, int base, int[] positions, int count, NumericVector vector) {
            int scale = vector.declaredScale();
            long[] scaled = vector.scaled;
            for (int i = 0; i < count; i++) {
                int p = positions[i];
                long tuple = tuples[p - base];
                long place = plainBytes(tuple);
                if (place == -1) {
                    return i;
                }
                long address = tuple + (place >>> 32);
                int tag = NumericStorage.scale(address);
                if (tag != scale) {
                    if (tag < 0 || scale >= 0) {
                        return i;
                    }
                    scale = tag;
                    vector.setScale(scale);
                }
                scaled[p] = NumericStorage.unscaled(address);
            }
            return count;
        }
    }

    /** Strings: short ones are left packed, those a filter reads stay where they are. */
    private static final class TextDecoder extends VariableDecoder {
        private final boolean blankPadded;

        TextDecoder(int index, TupleLayout layout, ToastReader toast) {
            super(index, layout, toast);
            blankPadded = layout.attribute(index).type().oid() == Oids.BPCHAR;
        }

        private long place(long tuple, boolean plain) {
            return plain ? plainBytes(tuple) : TupleReader.inlineBytes(layout, tuple, index);
        }

        @Override
        void decode(long[] tuples, long[] tids, int base, int[] positions, int count, boolean plain, Vector out) {
            ObjectVector vector = (ObjectVector) out;
            int done = count > 0 && (positions[0] == 0 || vector.shortBits() != null)
                    ? decodeShort(tuples, base, positions, count, plain, vector) : 0;
            if (done == count) {
                return;
            }
            vector.materialize(positions[done]);
            Object[] values = vector.values;
            for (int i = done; i < count; i++) {
                int p = positions[i];
                values[p] = object(tuples[p - base]);
            }
        }

        /** Packs as many rows as are short. */
        private int decodeShort(long[] tuples, int base, int[] positions, int count, boolean plain,
                ObjectVector vector) {
            long[] bits = vector.beginShort();
            for (int i = 0; i < count; i++) {
                int p = positions[i];
                long tuple = tuples[p - base];
                if (!plain && TupleReader.isNull(layout, tuple, index)) {
                    bits[p] = ShortText.NULL;
                    continue;
                }
                long place = place(tuple, plain);
                if (place == -1) {
                    return i;
                }
                long packed = ShortText.pack(tuple + (place >>> 32), (int) place, blankPadded);
                if (packed == ShortText.NOT_SHORT) {
                    return i;
                }
                bits[p] = packed;
            }
            return count;
        }

        @Override
        boolean decodeForFilter(long[] tuples, long[] tids, int base, int[] positions, int count, boolean plain,
                Vector out) {
            ObjectVector vector = (ObjectVector) out;
            vector.beginSlices();
            long[] addresses = vector.sliceAddresses();
            int[] lengths = vector.sliceLengths();
            for (int i = 0; i < count; i++) {
                int p = positions[i];
                long tuple = tuples[p - base];
                if (!plain && TupleReader.isNull(layout, tuple, index)) {
                    lengths[p] = ObjectVector.NULL_SLICE;
                    continue;
                }
                long place = place(tuple, plain);
                if (place == -1) {
                    vector.endSlices();
                    decode(tuples, tids, base, positions, count, plain, out);
                    return true;
                }
                addresses[p] = tuple + (place >>> 32);
                lengths[p] = (int) place;
            }
            return true;
        }
    }

    private static final class ObjectDecoder extends ColumnDecoder {
        private final int index;
        private final TupleLayout layout;
        private final ToastReader toast;

        ObjectDecoder(int index, TupleLayout layout, ToastReader toast) {
            this.index = index;
            this.layout = layout;
            this.toast = toast;
        }

        @Override
        void decode(long[] tuples, long[] tids, int base, int[] positions, int count, boolean plain, Vector out) {
            for (int i = 0; i < count; i++) {
                int p = positions[i];
                out.set(p, TupleReader.getObject(layout, tuples[p - base], index, toast));
            }
        }
    }

    private static final class RowIdDecoder extends ColumnDecoder {
        @Override
        void decode(long[] tuples, long[] tids, int base, int[] positions, int count, boolean plain, Vector out) {
            for (int i = 0; i < count; i++) {
                int p = positions[i];
                ((LongVector) out).setLong(p, tids[p - base]);
            }
        }
    }

    private static final class SystemDecoder extends ColumnDecoder {
        private final int attribute;
        private final int tableOid;

        SystemDecoder(int attribute, int tableOid) {
            this.attribute = attribute;
            this.tableOid = tableOid;
        }

        @Override
        void decode(long[] tuples, long[] tids, int base, int[] positions, int count, boolean plain, Vector out) {
            for (int i = 0; i < count; i++) {
                int p = positions[i];
                out.set(p, systemValue(attribute, tuples[p - base], tids[p - base], tableOid));
            }
        }
    }

    /** ctid, xmin, cmin, xmax, cmax or tableoid of a row version. */
    static Object systemValue(int attribute, long tuple, long tid, int tableOid) {
        return switch (attribute) {
            case -1 -> new TidValue(tid >>> 16, (int) (tid & 0xFFFF));
            case -2 -> TupleHeader.xmin(tuple) & 0xFFFF_FFFFL;
            case -3, -5 -> (long) TupleHeader.cid(tuple) & 0xFFFF_FFFFL;
            case -4 -> TupleHeader.xmax(tuple) & 0xFFFF_FFFFL;
            case -6 -> tableOid & 0xFFFF_FFFFL;
            default -> throw io.quantadb.base.Invariant.broken("system column %s", attribute);
        };
    }

    private static final class WholeRowDecoder extends ColumnDecoder {
        private final TupleLayout layout;
        private final ToastReader toast;
        private final int[] live;
        private final PgType[] types;

        WholeRowDecoder(RelationDescriptor relation, TupleLayout layout, ToastReader toast) {
            this.layout = layout;
            this.toast = toast;
            this.live = relation.liveColumns().stream().mapToInt(c -> c.attnum() - 1).toArray();
            this.types = relation.liveColumns().stream().map(c -> c.type()).toArray(PgType[]::new);
        }

        @Override
        void decode(long[] tuples, long[] tids, int base, int[] positions, int count, boolean plain, Vector out) {
            for (int i = 0; i < count; i++) {
                int p = positions[i];
                Object[] values = new Object[live.length];
                for (int c = 0; c < live.length; c++) {
                    values[c] = TupleReader.getObject(layout, tuples[p - base], live[c], toast);
                }
                out.set(p, new RowValue(types, values));
            }
        }
    }
}
