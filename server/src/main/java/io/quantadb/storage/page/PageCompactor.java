package io.quantadb.storage.page;

import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;

/** Moves the items of a page together. The scratch page belongs to the carrier-independent thread and is reused. */
final class PageCompactor {
    private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[Page.SIZE]);

    private PageCompactor() {
    }

    /** See {@link Page#compact}. Copies the item area out once and the items back, highest offset number lowest. */
    static void compact(long page) {
        Page.trimLinePointers(page);
        int special = Page.special(page);
        int upper = Page.upper(page);
        Invariant.check(upper <= special, "page upper %d beyond special %d", upper, special);
        byte[] scratch = SCRATCH.get();
        Memory.copyToArray(page + upper, scratch, upper, special - upper);
        int target = special;
        int max = Page.maxOffset(page);
        boolean unused = false;
        for (int offset = 1; offset <= max; offset++) {
            int pointer = Page.linePointer(page, offset);
            int length = Page.pointerLength(pointer);
            unused |= Page.pointerState(pointer) == Page.UNUSED;
            if (length == 0) {
                continue;
            }
            int from = Page.pointerOffset(pointer);
            target -= Page.align(length);
            Invariant.check(from >= upper && from + length <= special, "item at %d, %d bytes, outside the item area",
                from, length);
            Invariant.check(target >= Page.lower(page), "items reach down to %d, line pointers up to %d", target,
                Page.lower(page));
            Memory.copyFromArray(scratch, from, page + target, length);
            Page.setLinePointer(page, offset, Page.makePointer(target, Page.pointerState(pointer), length));
        }
        Page.setUpper(page, target);
        if (unused) {
            Page.setFlag(page, Page.HAS_FREE_LINES);
        } else {
            Page.clearFlag(page, Page.HAS_FREE_LINES);
        }
    }
}
