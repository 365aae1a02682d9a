package io.quantadb.it.cluster;

import io.quantadb.it.process.Processes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** A file system in memory that can be filled up and emptied again; needs root. One thread. */
final class SmallDisk implements AutoCloseable {
    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Skips the test where nothing may be mounted. */
    static SmallDisk mount(Path directory, int megabytes) throws IOException {
        Files.createDirectories(directory);
        Processes.Outcome outcome = Processes.run(Duration.ofSeconds(10), Map.of(), List.of("mount", "-t", "tmpfs",
            "-o", "size=" + megabytes + "m", "tmpfs", directory.toString()));
        Assumptions.assumeTrue(outcome.exitCode() == 0, "needs the right to mount: " + outcome.errors());
        SmallDisk disk = new SmallDisk(directory);
        Runtime.getRuntime().addShutdownHook(new Thread(disk::close));
        return disk;
    }

    Path directory() {
        return directory;
    }

    /** Takes all space that is left. */
    void fill() {
        try (OutputStream out = Files.newOutputStream(ballast())) {
            byte[] block = new byte[4_096];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            // Full.
        }
    }

    private Path ballast() {
        return directory.resolve("ballast");
    }

    void empty() throws IOException {
        Files.deleteIfExists(ballast());
    }

    /** Lazily, as the process that used it may be about to end. */
    @Override
    public void close() {
        Processes.run(Duration.ofSeconds(10), Map.of(), List.of("umount", "-l", directory.toString()));
    }
}
