package io.quantadb.replication.receiver;

import io.quantadb.base.FileSystem;
import io.quantadb.base.Lsn;
import io.quantadb.wal.recovery.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * How far a base copy has come: the file {@code base_copy.state} in the data directory, which also marks the directory
 * as not yet a database. Text in UTF-8, one item a line:
 *
 * <pre>
 *   QuantaDB base copy 1
 *   system identifier, unsigned decimal
 *   checkpoint LSN
 *   redo LSN
 *   a path for each file that is complete and durable
 *   CRC32C of everything before, eight hex digits
 * </pre>
 */
record BaseCopyState(long systemId, Lsn checkpointLsn, Lsn redoLsn, Set<String> done) {
    static final String FILE_NAME = "base_copy.state";
    private static final String TITLE = "QuantaDB base copy 1";
    private static final int FIXED_LINES = 4;

    void write(FileSystem files, Path dataDirectory) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(TITLE).append('\n').append(Long.toUnsignedString(systemId)).append('\n').append(checkpointLsn)
                .append('\n').append(redoLsn).append('\n');
        done.forEach(path -> text.append(path).append('\n'));
        text.append(String.format("%08X%n", crc(text.toString())));
        DurableFile.replace(files, dataDirectory.resolve(FILE_NAME), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static int crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    /** Null if there is none, or none that can be used: the copy then starts over. */
    static BaseCopyState read(FileSystem files, Path dataDirectory) throws IOException {
        Path path = dataDirectory.resolve(FILE_NAME);
        if (!files.exists(path)) {
            return null;
        }
        String text = new String(DurableFile.read(files, path), StandardCharsets.UTF_8);
        int last = text.length() - 9;
        String[] lines = text.split("\n");
        if (last <= 0 || lines.length <= FIXED_LINES || !lines[0].equals(TITLE)
                || !String.format("%08X", crc(text.substring(0, last))).equals(lines[lines.length - 1])) {
            return null;
        }
        Collection<String> paths = java.util.Arrays.asList(lines).subList(FIXED_LINES, lines.length - 1);
        return new BaseCopyState(Long.parseUnsignedLong(lines[1]), Lsn.parse(lines[2]), Lsn.parse(lines[3]),
                new LinkedHashSet<>(paths));
    }
}
