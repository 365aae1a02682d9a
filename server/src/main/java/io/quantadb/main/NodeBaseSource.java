package io.quantadb.main;

import io.quantadb.base.FileHandle;
import io.quantadb.base.Lsn;
import io.quantadb.maintenance.CheckpointKind;
import io.quantadb.maintenance.StorageRecovery;
import io.quantadb.replication.protocol.FileKind;
import io.quantadb.replication.sender.BaseSource;
import io.quantadb.storage.file.RelationFileCheck;
import io.quantadb.wal.recovery.ControlFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The files of an open node, for copies of it. Everything below the data directory but the WAL, the control file (the
 * copy writes its own), temporary files, and what belongs to this node alone. Safe for use by many threads.
 */
final class NodeBaseSource implements BaseSource {
    private static final Set<String> NOT_COPIED = Set.of(StorageRecovery.WAL_DIRECTORY, DataDirectory.LOCK, DataDirectory.MARKER,
        DataDirectory.CLUSTER, "wal", "backups", "lost+found");
    private static final String TEMPORARY = "pgsql_tmp";

    private final Node node;

    NodeBaseSource(Node node) {
        this.node = node;
    }

    /** Names in a data directory that a base copy neither brings nor removes. */
    static boolean isOwn(String name) {
        return NOT_COPIED.contains(name) || Secrets.isSecretFile(name);
    }

    @Override
    public Begin begin() throws IOException {
        // A recent redo point is little WAL to replay.
        node.checkpointer.checkpointNow(CheckpointKind.REQUESTED);
        ControlFile control = node.storage.control().get();
        return new Begin(control.checkpointLsn(), control.redoLsn());
    }

    @Override
    public List<BaseFile> files() throws IOException {
        List<BaseFile> files = new ArrayList<>();
        Path root = node.directory;
        Path control = ControlFile.path(root);
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean skipped = directory.getParent().equals(root) && isOwn(directory.getFileName().toString())
                    || directory.getFileName().toString().equals(TEMPORARY);
                return skipped && !directory.equals(root) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                boolean skipped = file.equals(control) || file.getParent().equals(root) && isOwn(name) || name.endsWith(".tmp");
                if (!skipped && attributes.isRegularFile()) {
                    String path = root.relativize(file).toString().replace('\\', '/');
                    files.add(new BaseFile(path, RelationFileCheck.isRelationFile(file) ? FileKind.RELATION : FileKind.PLAIN, attributes.size()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        return files;
    }

    @Override
    public int read(BaseFile file, long offset, ByteBuffer target) throws IOException {
        try (FileHandle handle = node.files.openReadOnly(node.directory.resolve(file.path()))) {
            return handle.read(target, offset);
        } catch (NoSuchFileException e) {
            return -1;
        }
    }

    @Override
    public boolean isWhole(BaseFile file, long block, ByteBuffer page) {
        return RelationFileCheck.isWhole(node.directory.resolve(file.path()), block, page);
    }

    @Override
    public Lsn end() {
        return new Lsn(node.wal.insertLsn());
    }
}
