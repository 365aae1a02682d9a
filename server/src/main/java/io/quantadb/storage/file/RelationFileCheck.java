package io.quantadb.storage.file;

import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.base.ForkNumber;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageChecksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads every relation file of a data directory and checks what holds for each without knowing what it stores: the
 * segment's header, each page's checksum, each page's header. Never writes. Confined to one thread.
 *
 * <p>Damage in a free-space or visibility map is only worth a notice: both are replaced by zeros when they are read,
 * which is always safe.
 */
public final class RelationFileCheck {
    private static final Pattern NAME = Pattern.compile("(\\d{1,10})(_fsm|_vm)?(?:\\.(\\d{1,6}))?");
    private static final int BLOCKS_AT_ONCE = 32;

    /** Told what is found. */
    public interface Sink {
        /** @param block of the fork, -1 if it is about the file */
        void problem(RelationId relation, String file, int block, String message);

        void notice(RelationId relation, String file, int block, String message);
    }

    private final FileSystem files;
    private final Path dataDirectory;
    private final long systemIdentifier;
    private final Sink sink;
    private final ByteBuffer pages = ByteBuffer.allocateDirect(BLOCKS_AT_ONCE * Page.SIZE);
    private final Set<RelationId> found = new HashSet<>();
    private int fileCount;
    private long pageCount;

    public RelationFileCheck(FileSystem files, Path dataDirectory, long systemIdentifier, Sink sink) {
        this.files = files;
        this.dataDirectory = dataDirectory;
        this.systemIdentifier = systemIdentifier;
        this.sink = sink;
    }

    /** What a relation file's name says; null if it is no relation file's name. The path ends in directory/name. */
    static SegmentKey parse(Path path) {
        Path parent = path.toAbsolutePath().normalize().getParent();
        Matcher matcher = NAME.matcher(path.getFileName().toString());
        if (parent == null || parent.getFileName() == null || !matcher.matches()) {
            return null;
        }
        String directory = parent.getFileName().toString();
        if (!directory.equals("global") && !directory.matches("\\d{1,10}")) {
            return null;
        }
        int database = directory.equals("global") ? 0 : (int) Long.parseLong(directory);
        ForkNumber fork = ForkNumber.MAIN;
        for (ForkNumber candidate : ForkNumber.values()) {
            if (candidate.suffix().equals(matcher.group(2))) {
                fork = candidate;
            }
        }
        int segment = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        return new SegmentKey(new RelationId(database, (int) Long.parseLong(matcher.group(1))), fork, segment);
    }

    /** Whether a file of this name and place holds pages. */
    public static boolean isRelationFile(Path path) {
        return parse(path) != null;
    }

    /**
     * Whether a page read from a file in use is whole. Maps count as whole: a damaged page of theirs is replaced by
     * zeros.
     *
     * @param fileBlock number of the page in the file, which begins with a header
     * @param page direct; from position to limit
     */
    public static boolean isWhole(Path path, long fileBlock, ByteBuffer page) {
        SegmentKey key = parse(path);
        if (fileBlock == 0 || key == null || key.fork() != ForkNumber.MAIN) {
            return true;
        }
        int block = key.segment() * RelationFiles.SEGMENT_BLOCKS + (int) (fileBlock - 1);
        return damage(page, page.position(), block) == null;
    }

    /** Checks all files of {@code global} and of every database. */
    public void run() throws IOException {
        checkDirectory(dataDirectory.resolve("global"));
        List<String> databases = new ArrayList<>(files.list(dataDirectory.resolve("base")));
        databases.sort(null);
        for (String database : databases) {
            if (database.matches("\\d{1,10}")) {
                checkDirectory(dataDirectory.resolve("base").resolve(database));
            }
        }
    }

    private void checkDirectory(Path directory) throws IOException {
        List<String> names = new ArrayList<>(files.list(directory));
        names.sort(null);
        for (String name : names) {
            SegmentKey key = parse(directory.resolve(name));
            if (key != null) {
                found.add(key.relation());
                fileCount++;
                checkFile(key);
            }
        }
    }

    private void checkFile(SegmentKey key) {
        try (FileHandle handle = files.openReadOnly(dataDirectory.resolve(key.path()))) {
            if (checkHeader(handle, key)) {
                checkPages(handle, key);
            }
        } catch (IOException e) {
            sink.problem(key.relation(), key.path(), -1, "cannot be read: " + e.getMessage());
        }
    }

    private boolean checkHeader(FileHandle handle, SegmentKey key) throws IOException {
        ByteBuffer header = ByteBuffer.allocateDirect(Page.SIZE);
        int read = handle.read(header, 0);
        header.position(0).limit(read);
        if (SegmentHeader.isAbsent(header)) {
            sink.notice(key.relation(), key.path(), -1, "was created just before a crash and has no header yet");
            return handle.size() > Page.SIZE;
        }
        try {
            SegmentHeader.verify(header, key.path(), systemIdentifier, key.relation(), key.fork(), key.segment());
            return true;
        } catch (StorageException e) {
            sink.problem(key.relation(), key.path(), -1, e.getMessage());
            return false;
        }
    }

    private void checkPages(FileHandle handle, SegmentKey key) throws IOException {
        long size = handle.size();
        long blocks = size / Page.SIZE - 1;
        if (size % Page.SIZE != 0) {
            sink.notice(key.relation(), key.path(), -1, "ends with " + size % Page.SIZE
                    + " bytes of an incomplete page");
        }
        if (blocks > RelationFiles.SEGMENT_BLOCKS) {
            sink.problem(key.relation(), key.path(), -1, "has " + blocks + " blocks, a segment has at most "
                + RelationFiles.SEGMENT_BLOCKS);
            blocks = RelationFiles.SEGMENT_BLOCKS;
        }
        for (int first = 0; first < blocks; first += BLOCKS_AT_ONCE) {
            int count = (int) Math.min(BLOCKS_AT_ONCE, blocks - first);
            pages.clear().limit(count * Page.SIZE);
            int read = handle.read(pages, (long) Page.SIZE * (first + 1L)) / Page.SIZE;
            for (int i = 0; i < read; i++) {
                checkPage(key, i * Page.SIZE, key.segment() * RelationFiles.SEGMENT_BLOCKS + first + i);
            }
            pageCount += read;
        }
    }

    private void checkPage(SegmentKey key, int start, int block) {
        String message = damage(pages, start, block);
        if (message == null) {
            return;
        }
        if (key.fork() == ForkNumber.MAIN) {
            sink.problem(key.relation(), key.path(), block, message);
        } else {
            sink.notice(key.relation(), key.path(), block, message + "; this map page will be replaced by zeros");
        }
    }

    /**
     * What is wrong with the checksum or the header of the page in {@code pages[start, start + 8192)}, null if nothing
     * is.
     */
    public static String damage(ByteBuffer pages, int start, int block) {
        long page = Memory.addressOf(pages) + start;
        if (PageChecksum.isAllZero(page)) {
            return null;
        }
        int stored = PageChecksum.stored(pages, start);
        int expected = PageChecksum.compute(pages, start, block);
        if (stored != expected) {
            return String.format("checksum %08x, expected %08x", stored, expected);
        }
        if (!Page.isHeaderSane(page)) {
            return "page header is invalid: lower " + Page.lower(page) + ", upper " + Page.upper(page) + ", special "
                + Page.special(page) + ", layout version " + Page.layoutVersion(page);
        }
        return null;
    }

    /** Relations that have any file. */
    public Set<RelationId> found() {
        return found;
    }

    public int fileCount() {
        return fileCount;
    }

    public long pageCount() {
        return pageCount;
    }
}
