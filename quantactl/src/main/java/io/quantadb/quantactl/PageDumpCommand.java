package io.quantadb.quantactl;

import io.quantadb.access.btree.BTreePageDump;
import io.quantadb.access.heap.HeapPageDump;
import io.quantadb.base.FileHandle;
import io.quantadb.base.Lsn;
import io.quantadb.base.Memory;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.storage.file.RelationFileCheck;
import io.quantadb.storage.file.RelationFileDump;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the pages of one relation file as they are on disk. */
@Command(name = "pagedump", mixinStandardHelpOptions = true, description = {
    "Prints the pages of a relation file: header, line pointers, row versions, B-tree items; checks checksums.",
    "Shows what is on disk; a running or crashed server may know better."})
final class PageDumpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "<data-dir>", description = "Data directory.")
    private Path dataDirectory;

    @Parameters(index = "1", paramLabel = "<relation file>",
            description = "A path like base/5/16384 or global/1262_vm, below the data directory.")
    private Path file;

    @Option(names = "--block", paramLabel = "<n>", description = "Only this block of the relation.")
    private Integer block;

    private boolean sound = true;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(dataDirectory)) {
            throw new NoSuchFileException(dataDirectory.toString());
        }
        if (block != null && block < 0) {
            throw new ParameterException(spec.commandLine(), "--block " + block + " is negative");
        }
        Path path = dataDirectory.resolve(file);
        RelationFileDump.Name name = RelationFileDump.parse(path);
        if (name == null) {
            throw new ParameterException(spec.commandLine(), file + " is not the name of a relation file");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (FileHandle handle = PosixFileSystem.INSTANCE.openReadOnly(path)) {
            String header = RelationFileDump.describeHeader(handle, path);
            sound &= !header.startsWith("damaged");
            out.println(header);
            long blocks = handle.size() / Page.SIZE - 1;
            long first = block == null ? 0 : block - name.firstBlock();
            if (first < 0 || block != null && first >= blocks) {
                throw new ParameterException(spec.commandLine(), "block " + block + " is not in " + file
                        + ", which has the blocks from " + name.firstBlock() + " to "
                                + (name.firstBlock() + blocks - 1));
            }
            long end = block == null ? blocks : first + 1;
            for (long i = first; i < end; i++) {
                dump(out, handle, i, (int) (name.firstBlock() + i));
            }
        }
        return sound ? QuantaCtl.DONE : QuantaCtl.FAILED;
    }

    private void dump(PrintWriter out, FileHandle handle, long inSegment, int number) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Page.SIZE);
        if (handle.read(bytes, Page.SIZE * (inSegment + 1)) < Page.SIZE) {
            sound = false;
            out.println("block " + number + ": damaged: the file ends within it");
            return;
        }
        long page = Memory.addressOf(bytes);
        String damage = RelationFileCheck.damage(bytes, 0, number);
        if (damage == null && Page.isNew(page)) {
            out.println("block " + number + ": new");
            return;
        }
        out.printf("block %d: lsn %s flags %s lower %d upper %d special %d kind %s version %d prune xid %d%n", number,
                new Lsn(Page.lsn(page)), flags(page), Page.lower(page), Page.upper(page), Page.special(page),
                kind(page), Page.layoutVersion(page), Page.pruneXid(page));
        if (damage != null) {
            sound = false;
            out.println("  damaged: " + damage);
        }
        if (Page.lower(page) > Page.SIZE) {
            return;
        }
        if (Page.kindId(page) == PageKind.HEAP.id() || Page.kindId(page) == PageKind.SEQUENCE.id()) {
            HeapPageDump.dump(page, out::println);
        } else if (Page.kindId(page) == PageKind.BTREE.id()) {
            BTreePageDump.dump(page, out::println);
        }
        // Keeps the memory that the page's address points to.
        java.lang.ref.Reference.reachabilityFence(bytes);
    }

    private static String flags(long page) {
        String text = (Page.hasFlag(page, Page.ALL_VISIBLE) ? "|ALL_VISIBLE" : "")
                + (Page.hasFlag(page, Page.HAS_FREE_LINES) ? "|HAS_FREE_LINES" : "")
                + (Page.hasFlag(page, Page.PAGE_FULL) ? "|PAGE_FULL" : "");
        return text.isEmpty() ? "-" : text.substring(1);
    }

    private static String kind(long page) {
        for (PageKind kind : PageKind.values()) {
            if (kind.id() == Page.kindId(page)) {
                return kind.name();
            }
        }
        return "unknown(" + Page.kindId(page) + ")";
    }
}
