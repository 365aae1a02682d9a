package io.quantadb.access.heap;

import io.quantadb.storage.page.Page;
import io.quantadb.txn.TupleHeader;
import java.util.function.Consumer;

/** Prints a heap page line pointer by line pointer. Trusts nothing it reads; static. */
public final class HeapPageDump {
    private static final String[] INFOMASK = {"XMIN_COMMITTED", "XMIN_ABORTED", "XMAX_COMMITTED", "XMAX_ABORTED",
        "HAS_NULLS", "HAS_EXTERNAL", "HOT_UPDATED", "HEAP_ONLY", "COMBO_CID", "KEYS_UPDATED", "UPDATED_VERSION"};

    private HeapPageDump() {
    }

    /** Prints one line a line pointer, with the version's header, to {@code out}. */
    public static void dump(long page, Consumer<String> out) {
        int max = Math.min(Page.maxOffset(page), Page.MAX_OFFSETS);
        for (int offset = 1; offset <= max; offset++) {
            out.accept(line(page, offset));
        }
    }

    private static String line(long page, int offset) {
        int pointer = Page.linePointer(page, offset);
        int start = Page.pointerOffset(pointer);
        int length = Page.pointerLength(pointer);
        String text = String.format("  %4d: ", offset);
        return switch (Page.pointerState(pointer)) {
            case Page.UNUSED -> text + "UNUSED";
            case Page.DEAD -> text + "DEAD";
            case Page.REDIRECT -> text + "REDIRECT to " + start;
            default -> text + String.format("at %4d length %4d", start, length)
                    + (start < Page.HEADER_SIZE || length < TupleHeader.SIZE_BYTES || start + length > Page.SIZE
                    ? " OUTSIDE THE PAGE" : version(page + start));
        };
    }

    private static String version(long tuple) {
        long ctid = TupleHeader.ctid(tuple);
        StringBuilder text = new StringBuilder(" xmin ").append(TupleHeader.xmin(tuple)).append(" xmax ")
                .append(TupleHeader.xmax(tuple)).append(" cid ").append(TupleHeader.cid(tuple)).append(" ctid (")
                .append(ctid >>> 16).append(',').append(ctid & 0xFFFF).append(") natts ")
                .append(TupleHeader.natts(tuple));
        int infomask = TupleHeader.infomask(tuple);
        for (int bit = 0; bit < 16; bit++) {
            if ((infomask >>> bit & 1) != 0) {
                text.append(' ').append(bit < INFOMASK.length ? INFOMASK[bit] : "BIT_" + bit);
            }
        }
        return text.toString();
    }
}
