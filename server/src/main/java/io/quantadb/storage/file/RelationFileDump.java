package io.quantadb.storage.file;

import io.quantadb.base.FileHandle;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.page.Page;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** What a tool prints of a relation file before its pages. Trusts nothing it reads; static. */
public final class RelationFileDump {
    /**
     * What a file's name says.
     *
     * @param firstBlock of the fork that is in the file
     */
    public record Name(String text, long firstBlock) {
    }

    private RelationFileDump() {
    }

    /** Null if this is not a relation file's name. */
    public static Name parse(Path path) {
        SegmentKey key = RelationFileCheck.parse(path);
        return key == null ? null
            : new Name(key.path(), (long) key.segment() * RelationFiles.SEGMENT_BLOCKS);
    }

    /** One line on the segment's header; begins with "damaged" if it is. The system identifier is taken as it is. */
    public static String describeHeader(FileHandle handle, Path path) throws IOException {
        SegmentKey key = RelationFileCheck.parse(path);
        ByteBuffer header = ByteBuffer.allocateDirect(Page.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        header.limit(handle.read(header, 0)).position(0);
        if (SegmentHeader.isAbsent(header)) {
            return key.path() + ": no header yet";
        }
        if (header.limit() < Page.SIZE) {
            return "damaged: " + key.path() + " has " + header.limit() + " bytes";
        }
        long system = header.getLong(16);
        try {
            SegmentHeader.verify(header, key.path(), system, key.relation(), key.fork(), key.segment());
        } catch (StorageException e) {
            return "damaged: " + e.getMessage();
        }
        return key.path() + ": format " + SegmentHeader.VERSION + ", system " + Long.toUnsignedString(system)
            + ", relation " + key.relation() + ", fork " + key.fork() + ", segment " + key.segment() + ", "
            + (handle.size() / Page.SIZE - 1) + " blocks";
    }
}
