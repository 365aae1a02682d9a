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
     * Decodes rows {@code from} to {@code from + count - 1} of the arrays into positions {@code at...} of the vector,
     * which has room.
     *
     * @param plain no row has NULLs or lacks attributes
     */
    abstract void decode(long[] tuples, long[] tids, int from, int count, boolean plain, Vector out, int at);

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
        void decode(long[] tuples, long[] tids, int from, int count, boolean plain, Vector out, int at) {
            LongVector vector = (LongVector) out;
            long[] values = vector.values;
            if (plain && !vector.mayHaveNulls()) {
                if (width == 8) {
                    for (int i = 0; i < count; i++) {
                        values[at + i] = Memory.getLong(tuples[from + i] + offset);
                    }
                    return;
                }
                if (width == 4 && !unsigned) {
                    for (int i = 0; i < count; i++) {
                        values[at + i] = Memory.getInt(tuples[from + i] + offset);
                    }
                    return;
                }
            }
            for (int i = 0; i < count; i++) {
                long tuple = tuples[from + i];
                if (!plain && TupleReader.isNull(layout, tuple, index)) {
                    vector.setNull(at + i);
                } else {
                    vector.setLong(at + i, TupleReader.getLong(layout, tuple, index));
                }
            }
        }
    }

    private static final class DoubleDecoder extends ColumnDecoder {
        private final int index;
        private final TupleLayout layout;

        DoubleDecoder(int index, TupleLayout layout) {
            this.index = index;
            this.layout = layout;
        }

        @Override
        void decode(long[] tuples, long[] tids, int from, int count, boolean plain, Vector out, int at) {
            DoubleVector vector = (DoubleVector) out;
            for (int i = 0; i < count; i++) {
                long tuple = tuples[from + i];
                if (!plain && TupleReader.isNull(layout, tuple, index)) {
                    vector.setNull(at + i);
                } else {
                    vector.setDouble(at + i, TupleReader.getDouble(layout, tuple, index));
                }
            }
        }
    }

    private static final class NumericDecoder extends ColumnDecoder {
        private final int index;
        private final TupleLayout layout;
        private final ToastReader toast;

        NumericDecoder(int index, TupleLayout layout, ToastReader toast) {
            this.index = index;
            this.layout = layout;
            this.toast = toast;
        }

        @Override
        void decode(long[] tuples, long[] tids, int from, int count, boolean plain, Vector out, int at) {
            NumericVector vector = (NumericVector) out;
            for (int i = 0; i < count; i++) {
                long tuple = tuples[from + i];
                if (!plain && TupleReader.isNull(layout, tuple, index)) {
                    vector.setNull(at + i);
                    continue;
                }
                long place = TupleReader.inlineBytes(layout, tuple, index);
                long address = tuple + (place >>> 32);
                if (place != -1 && NumericStorage.isCompact(address)) {
                    vector.setScaled(at + i, NumericStorage.unscaled(address), NumericStorage.scale(address));
                } else {
                    vector.set(at + i, TupleReader.getObject(layout, tuple, index, toast));
                }
            }
        }
    }

    /** Strings; short ASCII ones come from a small cache, so that flags and codes cost no allocation. */
    private static final class TextDecoder extends ColumnDecoder {
        private static final int CACHE_SIZE = 256;

        private final int index;
        private final TupleLayout layout;
        private final ToastReader toast;
        private final long[] cachedBits = new long[CACHE_SIZE];
        private final String[] cached = new String[CACHE_SIZE];

        TextDecoder(int index, TupleLayout layout, ToastReader toast) {
            this.index = index;
            this.layout = layout;
            this.toast = toast;
        }

        @Override
        void decode(long[] tuples, long[] tids, int from, int count, boolean plain, Vector out, int at) {
            Object[] values = ((ObjectVector) out).values;
            for (int i = 0; i < count; i++) {
                long tuple = tuples[from + i];
                if (!plain && TupleReader.isNull(layout, tuple, index)) {
                    values[at + i] = null;
                    continue;
                }
                long place = TupleReader.inlineBytes(layout, tuple, index);
                int length = (int) place;
                values[at + i] = place != -1 && length <= 7 ? shortText(tuple + (place >>> 32), length)
                        : TupleReader.getObject(layout, tuple, index, toast);
            }
        }

        private String shortText(long address, int length) {
            long bits = length;
            for (int i = 0; i < length; i++) {
                bits = bits << 8 | Memory.getUnsignedByte(address + i);
            }
            int slot = (int) (Keys.mix(bits) & CACHE_SIZE - 1);
            if (cached[slot] == null || cachedBits[slot] != bits) {
                byte[] bytes = new byte[length];
                Memory.copyToArray(address, bytes, 0, length);
                cached[slot] = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
                cachedBits[slot] = bits;
            }
            return cached[slot];
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
        void decode(long[] tuples, long[] tids, int from, int count, boolean plain, Vector out, int at) {
            for (int i = 0; i < count; i++) {
                out.set(at + i, TupleReader.getObject(layout, tuples[from + i], index, toast));
            }
        }
    }

    private static final class RowIdDecoder extends ColumnDecoder {
        @Override
        void decode(long[] tuples, long[] tids, int from, int count, boolean plain, Vector out, int at) {
            for (int i = 0; i < count; i++) {
                ((LongVector) out).setLong(at + i, tids[from + i]);
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
        void decode(long[] tuples, long[] tids, int from, int count, boolean plain, Vector out, int at) {
            for (int i = 0; i < count; i++) {
                out.set(at + i, systemValue(attribute, tuples[from + i], tids[from + i], tableOid));
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
        void decode(long[] tuples, long[] tids, int from, int count, boolean plain, Vector out, int at) {
            for (int i = 0; i < count; i++) {
                Object[] values = new Object[live.length];
                for (int c = 0; c < live.length; c++) {
                    values[c] = TupleReader.getObject(layout, tuples[from + i], live[c], toast);
                }
                out.set(at + i, new RowValue(types, values));
            }
        }
    }
}
