package io.quantadb.quantactl;

import io.quantadb.base.FileSystem;
import io.quantadb.base.Lsn;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.base.TimelineId;
import io.quantadb.maintenance.StorageRecovery;
import io.quantadb.wal.reader.WalDump;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.segment.SegmentException;
import io.quantadb.wal.segment.SegmentHeader;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SegmentName;
import io.quantadb.wal.segment.SegmentSource;
import io.quantadb.wal.segment.WalSegments;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the WAL records of one segment file or of a directory, one a line, as pg_waldump does. */
@Command(name = "waldump", description = "Prints WAL records, one a line, and says where and why the WAL ends.",
        mixinStandardHelpOptions = true)
final class WalDumpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "<segment|dir>",
            description = "A segment file, or a directory with segments.")
    private Path path;

    @Option(names = "--start", paramLabel = "<lsn>", description = "First LSN: the start or end of a record.")
    private String start;

    @Option(names = "--end", paramLabel = "<lsn>", description = "Stop before this LSN.")
    private String end;

    @Option(names = "--timeline", paramLabel = "<n>",
            description = "Timeline to follow; default: the newest in the directory.")
    private Integer timeline;

    @Option(names = "--rmgr", paramLabel = "<name>", description = "Only records of this resource manager.")
    private String resourceManager;

    @Option(names = "--limit", paramLabel = "<n>", description = "Stop after so many records.")
    private long limit;

    @Option(names = "--stats", description = "Print totals by kind instead of records.")
    private boolean statistics;

    private final FileSystem files = PosixFileSystem.INSTANCE;
    private boolean sound = true;

    /** What is read: positions, segments, and the range that the path alone selects. */
    private record Target(SegmentLayout layout, SegmentSource source, Lsn start, Lsn end) {
    }

    @Override
    public Integer call() throws IOException {
        int managerId = -1;
        if (resourceManager != null) {
            managerId = ResourceManagers.idOf(resourceManager);
            if (managerId < 0) {
                throw wrongUsage("unknown resource manager \"" + resourceManager + "\"");
            }
        }
        Lsn first = parse("--start", start);
        Lsn last = parse("--end", end);
        if (limit < 0) {
            throw wrongUsage("--limit " + limit + " is negative");
        }
        Target target = Files.isDirectory(path) ? directory() : singleSegment();
        PrintWriter out = spec.commandLine().getOut();
        WalDump dump = new WalDump(target.layout(), target.source(), Describers.all(), out::println);
        sound &= dump.run(new WalDump.Request(first != null ? first : target.start(), last != null ? last
                : target.end(),
                managerId, limit, statistics));
        return sound ? QuantaCtl.DONE : QuantaCtl.FAILED;
    }

    private ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Lsn parse(String option, String text) {
        try {
            return text == null ? null : Lsn.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrongUsage(option + ": " + e.getMessage());
        }
    }

    /** One file, whatever it is called; a damaged header is reported, and name and size stand in for it. */
    private Target singleSegment() throws IOException {
        SegmentHeader header;
        try {
            header = WalSegments.readHeader(files, path);
        } catch (SegmentException e) {
            header = guessHeader(e);
            sound = false;
            spec.commandLine().getOut().println("damaged: " + e.getMessage() + "; going by the file's name and size");
        }
        SegmentLayout layout = new SegmentLayout(header.segmentSizeBytes());
        long number = header.segment();
        SegmentSource source = segment -> segment == number ? files.openReadOnly(path) : null;
        return new Target(layout, source, new Lsn(layout.firstRecordOf(number)), new Lsn(layout.startOf(number + 1)));
    }

    private SegmentHeader guessHeader(SegmentException cause) throws IOException {
        long size = files.size(path);
        try {
            SegmentLayout layout = new SegmentLayout(Math.toIntExact(size));
            SegmentName name = layout.parse(path.getFileName().toString());
            if (name == null) {
                throw cause;
            }
            return new SegmentHeader(layout.sizeBytes(), 0, name.number(), name.timeline());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw cause;
        }
    }

    private Target directory() throws IOException {
        Path directory = path;
        for (String below : new String[] {StorageRecovery.WAL_DIRECTORY, "wal"}) {
            directory = firstSegmentFile(directory) == null ? path.resolve(below) : directory;
        }
        Path sample = firstSegmentFile(directory);
        if (sample == null) {
            throw new NoSuchFileException("no WAL segment in " + path);
        }
        SegmentHeader header = WalSegments.readHeader(files, sample);
        SegmentLayout layout = new SegmentLayout(header.segmentSizeBytes());
        WalSegments segments = new WalSegments(files, directory, layout, header.systemId());
        List<SegmentName> names = segments.list();
        int newest = timeline != null ? timeline : names.stream().mapToInt(SegmentName::timeline).max().orElseThrow();
        if (newest < 1) {
            throw wrongUsage("--timeline " + newest + " is not positive");
        }
        TimelineHistory history = TimelineHistory.readIfPresent(files, directory, new TimelineId(newest));
        SegmentSource source = history != null ? history.source(segments) : segments.source(newest);
        for (SegmentName name : names) {
            try (var handle = source.open(name.number())) {
                if (handle != null) {
                    return new Target(layout, source, new Lsn(layout.firstRecordOf(name.number())), null);
                }
            }
        }
        throw new NoSuchFileException("no WAL segment of timeline " + newest + " in " + directory);
    }

    private Path firstSegmentFile(Path directory) throws IOException {
        return files.list(directory).stream().filter(name -> name.matches("[0-9A-F]{24}")).sorted()
                .map(directory::resolve).findFirst().orElse(null);
    }
}
