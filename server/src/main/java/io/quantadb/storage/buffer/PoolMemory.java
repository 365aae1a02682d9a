package io.quantadb.storage.buffer;

import io.quantadb.base.Memory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool's region: anonymous memory, aligned to 2 MiB, on transparent huge pages where the kernel gives them.
 *
 * <p>Mapped with {@code mmap}, so pages are only taken from the system as they are touched. Where calling the C library
 * is not allowed the JVM's allocator is used, without huge pages, and that is logged. Huge pages are worth 20 to 50% of
 * a B-tree lookup.
 */
final class PoolMemory implements AutoCloseable {
    /**
     * Mapped behind the last page: an optimistic reader may follow an offset out of a page that is just being changed,
     * before it notices.
     */
    private static final long GUARD = 1 << 16;
    private static final Logger LOG = LoggerFactory.getLogger(PoolMemory.class);
    private static final long HUGE_PAGE = 2L << 20;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
    private static final int MADV_HUGEPAGE = 14;

    private final long address;
    private final long base;
    private final long mappedBytes;

    private PoolMemory(long address, long base, long mappedBytes) {
        this.address = address;
        this.base = base;
        this.mappedBytes = mappedBytes;
    }

    static PoolMemory allocate(long sizeBytes) {
        long bytes = sizeBytes + HUGE_PAGE + GUARD;
        try {
            long base = (long) handle("mmap",
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG))
                .invokeExact(0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
            if (base != -1) {
                long address = base + HUGE_PAGE - 1 & -HUGE_PAGE;
                advise(address, sizeBytes);
                return new PoolMemory(address, base, bytes);
            }
            LOG.info("mapping {} bytes for the buffer pool failed, using the JVM's allocator", bytes);
        } catch (Throwable e) {
            rethrowSerious(e);
            LOG.info("buffer pool without huge pages: {}", e.toString());
        }
        long base = Memory.allocate(bytes);
        return new PoolMemory(base + HUGE_PAGE - 1 & -HUGE_PAGE, base, 0);
    }

    private static void advise(long address, long sizeBytes) throws Throwable {
        int result = (int) handle("madvise",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT)).invokeExact(address, sizeBytes, MADV_HUGEPAGE);
        if (result != 0) {
            LOG.info("the kernel gives no transparent huge pages to the buffer pool");
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        MemorySegment symbol = linker.defaultLookup().find(name)
            .orElseThrow(() -> new UnsupportedOperationException("no function " + name));
        return linker.downcallHandle(symbol, type);
    }

    private static void rethrowSerious(Throwable e) {
        if (e instanceof Error error && !(e instanceof LinkageError)) {
            throw error;
        }
    }

    long address() {
        return address;
    }

    @Override
    public void close() {
        if (mappedBytes == 0) {
            Memory.free(base);
            return;
        }
        try {
            int result = (int) handle("munmap",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG))
                .invokeExact(base, mappedBytes);
            if (result != 0) {
                LOG.warn("unmapping the buffer pool failed");
            }
        } catch (Throwable e) {
            rethrowSerious(e);
            LOG.warn("unmapping the buffer pool failed", e);
        }
    }
}
