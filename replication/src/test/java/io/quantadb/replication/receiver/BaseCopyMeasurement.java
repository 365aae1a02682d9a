package io.quantadb.replication.receiver;

import io.quantadb.base.Clock;
import io.quantadb.base.FileHandle;
import io.quantadb.base.Lsn;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.replication.protocol.Endpoint;
import io.quantadb.replication.protocol.FileKind;
import io.quantadb.replication.protocol.NodeInfo;
import io.quantadb.replication.sender.BaseSource;
import io.quantadb.replication.sender.SenderOptions;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.writer.WalBench;
import io.quantadb.wal.writer.WalWriterOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/** Measures a base copy between two directories in one process. Arguments: directory, MB. */
public final class BaseCopyMeasurement {
    private BaseCopyMeasurement() {
    }

    private record Source(Path directory, int count, long size) implements BaseSource {
        @Override
        public Begin begin() {
            return new Begin(new Lsn(100), new Lsn(100));
        }

        @Override
        public List<BaseFile> files() {
            List<BaseFile> result = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                result.add(new BaseFile("base/" + i, FileKind.RELATION, size));
            }
            return result;
        }

        @Override
        public int read(BaseFile file, long offset, ByteBuffer target) throws IOException {
            try (FileHandle handle = PosixFileSystem.INSTANCE.openReadOnly(directory.resolve(file.path()))) {
                return handle.read(target, offset);
            }
        }

        @Override
        public boolean isWhole(BaseFile file, long block, ByteBuffer page) {
            CRC32C crc = new CRC32C();
            crc.update(page.duplicate());
            return crc.getValue() != 1;
        }

        @Override
        public Lsn end() {
            return new Lsn(200);
        }
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws Exception {
        Path base = Files.createTempDirectory(Path.of(args[0]), "base");
        int count = Math.max(1, Integer.parseInt(args[1]) / 64);
        Path from = base.resolve("p");
        Files.createDirectories(from.resolve("base"));
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[64 << 20];
            new java.util.Random(i).nextBytes(bytes);
            Files.write(from.resolve("base/" + i), bytes);
        }
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Files.createDirectories(base.resolve("plain"));
            Files.copy(from.resolve("base/" + i), base.resolve("plain/" + i));
            try (FileHandle handle = PosixFileSystem.INSTANCE.open(base.resolve("plain/" + i))) {
                handle.sync(true);
            }
        }
        double plain = (System.nanoTime() - begin) / 1e9;
        try (var primary = new StreamBench.Primary(PosixFileSystem.INSTANCE, from, WalBench.LAYOUT, WalBench.START,
                TimelineHistory.first(), WalWriterOptions.DEFAULT, 0)) {
            primary.base = new Source(from, count, 64 << 20);
            primary.serve(Integer.getInteger("port", 5651), SenderOptions.DEFAULT);
            Path target = base.resolve("r");
            begin = System.nanoTime();
            new BaseCopy(PosixFileSystem.INSTANCE, new BaseCopy.Options(target, target.resolve("wal"), Set.of("wal"),
                    "m", new NodeInfo("m", StreamBench.CLUSTER), StreamBench.credentials(StreamBench.SECRET), null, 1,
                    30_000), Clock.SYSTEM, new BaseCopy.Listener() { }).attempt(new Endpoint("127.0.0.1",
                    primary.port));
            double copied = (System.nanoTime() - begin) / 1e9;
            System.out.printf("%d MB: plain copy with sync %.2f s, base copy %.2f s (%.0f MB/s)%n", count * 64, plain,
                    copied, count * 64 / copied);
        }
    }
}
