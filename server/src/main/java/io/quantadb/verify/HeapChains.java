package io.quantadb.verify;

import io.quantadb.storage.page.Page;
import io.quantadb.txn.TupleHeader;
import java.util.BitSet;

/**
 * Finds which line pointer indexes use for each version of a heap page: the root of its HOT chain. Only for pages that
 * {@code HeapPageCheck} found sound.
 */
final class HeapChains {
    private HeapChains() {
    }

    /** Line pointers an index entry may name: versions that are not heap-only, redirects, and dead ones. */
    static BitSet roots(long page) {
        int max = Page.maxOffset(page);
        BitSet roots = new BitSet(max + 1);
        for (int offset = 1; offset <= max; offset++) {
            roots.set(offset, isRoot(page, offset) || Page.isDead(page, offset));
        }
        return roots;
    }

    private static boolean isRoot(long page, int offset) {
        return Page.isRedirect(page, offset) || Page.isNormal(page, offset)
                && (TupleHeader.infomask(Page.itemAddress(page, offset)) & TupleHeader.HEAP_ONLY) == 0;
    }

    /** By offset of a version: its chain's root; 0 if no chain leads to it. */
    static int[] rootOf(long page) {
        int max = Page.maxOffset(page);
        int[] rootOf = new int[max + 1];
        for (int root = 1; root <= max; root++) {
            if (isRoot(page, root)) {
                follow(page, root, rootOf, max);
            }
        }
        return rootOf;
    }

    private static void follow(long page, int root, int[] rootOf, int max) {
        int offset = Page.isRedirect(page, root) ? Page.redirectTarget(page, root) : root;
        long priorXmax = 0;
        for (int steps = 0; steps <= max && offset >= 1 && offset <= max && Page.isNormal(page, offset); steps++) {
            long tuple = Page.itemAddress(page, offset);
            if (priorXmax != 0 && TupleHeader.xmin(tuple) != priorXmax) {
                return;
            }
            rootOf[offset] = root;
            if ((TupleHeader.infomask(tuple) & TupleHeader.HOT_UPDATED) == 0) {
                return;
            }
            priorXmax = TupleHeader.xmax(tuple);
            offset = (int) TupleHeader.ctid(tuple) & 0xFFFF;
        }
    }
}
