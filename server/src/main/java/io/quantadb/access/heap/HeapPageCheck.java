package io.quantadb.access.heap;

import io.quantadb.base.Memory;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageKind;
import io.quantadb.txn.TupleHeader;
import java.util.function.LongPredicate;

/**
 * Checks one heap page by itself: line pointers, version headers, update chains within the page, offsets inside each
 * version. Trusts nothing it reads. Confined to one thread; reusable from page to page.
 */
public final class HeapPageCheck {
    /** Told what is wrong. */
    @FunctionalInterface
    public interface Sink {
        /** @param offset 0 if it is about the page */
        void problem(int offset, String message);
    }

    private final TupleLayout layout;
    private final long nextXid;
    private final LongPredicate committed;
    private final Sink sink;
    private boolean sound;

    /**
     * Prepares for the pages of one relation.
     *
     * @param layout of the relation's rows, null for chunks of large values
     * @param nextXid no version may carry this xid or a later one
     * @param committed whether the transaction of an xid committed
     */
    public HeapPageCheck(TupleLayout layout, long nextXid, LongPredicate committed, Sink sink) {
        this.layout = layout == null ? TupleLayout.bytes() : layout;
        this.nextXid = nextXid;
        this.committed = committed;
        this.sink = sink;
    }

    private void problem(int offset, String message) {
        sound = false;
        sink.problem(offset, message);
    }

    /** Checks an initialised page; if true its versions may be read with {@link TupleReader}. */
    public boolean check(long page, int block) {
        sound = true;
        if (!Page.isHeaderSane(page) || Page.kindId(page) != PageKind.HEAP.id() || Page.special(page) != Page.SIZE) {
            problem(0, "no heap page: kind " + Page.kindId(page) + ", lower " + Page.lower(page) + ", upper "
                    + Page.upper(page) + ", special " + Page.special(page));
            return false;
        }
        int max = Page.maxOffset(page);
        int used = 0;
        for (int offset = 1; offset <= max; offset++) {
            int pointer = Page.linePointer(page, offset);
            switch (Page.pointerState(pointer)) {
                case Page.NORMAL -> {
                    if (checkPlace(page, offset, pointer)) {
                        used += Page.align(Page.pointerLength(pointer));
                        checkVersion(page, block, offset, page
                                + Page.pointerOffset(pointer), Page.pointerLength(pointer));
                    }
                }
                case Page.REDIRECT -> checkRedirect(page, offset, max);
                default -> {
                    // UNUSED and DEAD pointers name nothing.
                }
            }
        }
        if (used > Page.special(page) - Page.upper(page)) {
            problem(0, "versions overlap: " + used + " bytes of versions in "
                    + (Page.special(page) - Page.upper(page)));
        }
        return sound;
    }

    private boolean checkPlace(long page, int offset, int pointer) {
        int start = Page.pointerOffset(pointer);
        int length = Page.pointerLength(pointer);
        if (start < Page.upper(page) || start % Page.ALIGNMENT != 0 || length < TupleHeader.SIZE_BYTES
                || start + length > Page.special(page)) {
            problem(offset, "version of " + length + " bytes at " + start + " is not inside the page's items, from "
                    + Page.upper(page));
            return false;
        }
        return true;
    }

    private void checkRedirect(long page, int offset, int max) {
        int target = Page.redirectTarget(page, offset);
        if (target < 1 || target > max || !Page.isNormal(page, target)) {
            problem(offset, "redirects to line pointer " + target + ", which is no version");
            return;
        }
        long tuple = Page.itemAddress(page, target);
        if (Page.pointerOffset(Page.linePointer(page, target)) + TupleHeader.SIZE_BYTES <= Page.SIZE
                && (TupleHeader.infomask(tuple) & TupleHeader.HEAP_ONLY) == 0) {
            problem(offset, "redirects to line pointer " + target + ", which is not heap-only");
        }
    }

    private void checkVersion(long page, int block, int offset, long tuple, int length) {
        long xmin = TupleHeader.xmin(tuple);
        long xmax = TupleHeader.xmax(tuple);
        if (xmin <= 0 || xmin >= nextXid) {
            problem(offset, "xmin " + xmin + ", the next xid is " + nextXid);
        }
        if (xmax < 0 || xmax >= nextXid) {
            problem(offset, "xmax " + xmax + ", the next xid is " + nextXid);
        }
        int infomask = TupleHeader.infomask(tuple);
        if ((infomask & TupleHeader.XMIN_COMMITTED) != 0 && (infomask & TupleHeader.XMIN_ABORTED) != 0) {
            problem(offset, "xmin is both committed and aborted");
        }
        long ctid = TupleHeader.ctid(tuple);
        int successor = (int) ctid & 0xFFFF;
        boolean offPage = ctid >>> 16 != Integer.toUnsignedLong(block) || successor < 1;
        // The successor of an update that was rolled back is pruned, and its line pointer may go with it.
        boolean lost = successor > Page.maxOffset(page) && committed.test(xmax);
        if ((infomask & TupleHeader.HOT_UPDATED) != 0 && (offPage || lost)) {
            problem(offset, "HOT update leads to (" + (ctid >>> 16) + "," + successor + "), off the page");
        }
        int natts = TupleHeader.natts(tuple);
        if (natts > layout.attributeCount()) {
            problem(offset, "version has " + natts + " attributes, the relation " + layout.attributeCount());
            return;
        }
        checkAttributes(offset, tuple, length, natts);
    }

    /** End offsets ascend from the end of the fixed part to at most the end of the version. */
    private void checkAttributes(int offset, long tuple, int length, int natts) {
        int ends = TupleReader.dataOffset(tuple) + layout.fixedSize(natts);
        int variable = layout.variableCount(natts);
        int start = ends + variable * 2;
        if (start > length) {
            problem(offset, "version of " + length + " bytes, its fixed part ends at " + start);
            return;
        }
        for (int i = 0; i < variable; i++) {
            int end = Memory.getUnsignedShort(tuple + ends + i * 2) & ~TupleLayout.EXTERNAL;
            if (end < start || end > length) {
                problem(offset, "variable-width value " + i + " ends at " + end + ", outside of [" + start + ", "
                        + length + "]");
                return;
            }
            start = end;
        }
    }
}
