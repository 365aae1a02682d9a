package io.quantadb.main;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quantadb.base.Clock;
import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Lsn;
import io.quantadb.base.TimelineId;
import io.quantadb.maintenance.StorageRecovery;
import io.quantadb.txn.TransactionRecords;
import io.quantadb.wal.reader.WalReader;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.recovery.ControlFile;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SegmentName;
import io.quantadb.wal.segment.WalSegments;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the WAL of a closed data directory a prefix of the cluster's history: removes what this node has and the history has not. Since
 * nothing above the horizon reaches a data file, and the history left this node's at or above the horizon, that is all there is to do.
 *
 * <p>The commits that are given up are listed in {@code cluster/discarded-TIME.json} first. Can be repeated after a crash at any point.
 */
final class HistoryCut {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryCut.class);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int COMMITS_LISTED_MAX = 1_000_000;

    /** The data files contain what the history does not: only a new base copy helps. */
    static final class NewCopyNeededException extends IOException {
        private static final long serialVersionUID = 1L;

        NewCopyNeededException(String message) {
            super(message);
        }
    }

    /**
     * What was cut.
     *
     * @param commonEnd exclusive end of the WAL the node keeps
     * @param commits number of commits discarded
     * @param report null if nothing was cut
     */
    record Result(Lsn commonEnd, long records, long commits, Path report) {
    }

    private final FileSystem files;
    private final Path directory;
    private final Clock clock;

    HistoryCut(FileSystem files, Path directory, Clock clock) {
        this.files = files;
        this.directory = directory;
        this.clock = clock;
    }

    /** Cuts, and makes {@code target} the history of this directory. Durable on return. */
    Result cut(TimelineHistory target) throws IOException {
        ControlFile control = ControlFile.read(files, directory);
        WalSegments segments = new WalSegments(files, directory.resolve(StorageRecovery.WAL_DIRECTORY),
            new SegmentLayout(control.segmentSizeBytes()), control.systemId());
        TimelineHistory own = TimelineHistory.read(files, segments.directory(), control.timeline());
        Lsn common = own.commonEnd(target);
        Lsn needed = control.minimumRecoveryLsn().compareTo(control.checkpointLsn()) > 0 ? control.minimumRecoveryLsn() : control.checkpointLsn();
        if (needed.compareTo(common) > 0) {
            throw new NewCopyNeededException("the data files contain changes up to " + needed + ", and timeline " + target.timeline()
                + " has only the WAL up to " + common + " in common with timeline " + own.timeline());
        }
        Result result = new Result(common, 0, 0, null);
        if (common.value() != Long.MAX_VALUE) {
            result = report(segments, own, target, common, control);
            remove(segments, own, target, common);
        }
        target.write(files, segments.directory());
        if (!control.timeline().equals(target.timeline())) {
            control.withTimeline(target.timeline(), clock.wallMicros()).write(files, directory);
        }
        return result;
    }

    private Result report(WalSegments segments, TimelineHistory own, TimelineHistory target, Lsn common, ControlFile control) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode body = mapper.createObjectNode();
        ArrayNode commits = mapper.createArrayNode();
        long records = 0;
        long count = 0;
        Lsn end;
        try (WalReader reader = new WalReader(segments.layout(), own.source(segments), common)) {
            WalRecord record;
            while ((record = reader.next()) != null) {
                records++;
                if (record.resourceManager() == TransactionRecords.RESOURCE_MANAGER && record.kind() == TransactionRecords.COMMIT) {
                    count++;
                    if (count <= COMMITS_LISTED_MAX) {
                        ObjectNode commit = commits.addObject();
                        commit.put("xid", record.xid());
                        commit.put("lsn", Lsn.format(record.endLsn()));
                        commit.put("time", Instant.EPOCH.plus(TransactionRecords.wallMicros(record), ChronoUnit.MICROS).toString());
                    }
                }
            }
            end = reader.position().endLsn();
        }
        if (records == 0) {
            return new Result(common, 0, 0, null);
        }
        Instant now = Instant.EPOCH.plus(clock.wallMicros(), ChronoUnit.MICROS);
        body.put("time", now.toString());
        body.put("system_identifier", Long.toUnsignedString(control.systemId()));
        body.put("own_timeline", own.timeline().value());
        body.put("cluster_timeline", target.timeline().value());
        body.put("from_lsn", common.toString());
        body.put("to_lsn", end.toString());
        body.put("records", records);
        body.put("commits", count);
        body.set("transactions", commits);
        Path report = write(mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(body), now);
        LOG.warn("{} commits between {} and {} are not part of the cluster's history and are given up; they are listed in {}", count, common, end, report);
        return new Result(common, records, count, report);
    }

    private Path write(byte[] bytes, Instant now) throws IOException {
        Path target = directory.resolve("cluster").resolve("discarded-" + TIME.format(now) + ".json");
        files.createDirectories(target.getParent());
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        files.delete(temporary);
        try (FileHandle handle = files.openOrCreate(temporary)) {
            handle.write(ByteBuffer.wrap(bytes), 0);
            handle.sync(true);
        }
        files.rename(temporary, target);
        files.syncDirectory(target.getParent());
        files.syncDirectory(directory);
        return target;
    }

    /** The timelines the target does not have go as a whole; the last common one ends at {@code common}. */
    private void remove(WalSegments segments, TimelineHistory own, TimelineHistory target, Lsn common) throws IOException {
        segments.cleanUp();
        Set<TimelineId> kept = new HashSet<>();
        kept.add(target.timeline());
        target.ancestors().forEach(ancestor -> kept.add(ancestor.timeline()));
        TimelineId last = own.timelineOf(new Lsn(common.value() - 1));
        for (SegmentName name : segments.list()) {
            boolean foreign = !kept.contains(new TimelineId(name.timeline()));
            // A segment of a kept timeline behind the point where the target left it may be a copy made for a fork that does not count.
            boolean behind = name.timeline() != last.value() && name.timeline() != target.timeline().value()
                && segments.layout().startOf(name.number()) >= common.value();
            if (foreign || behind) {
                segments.remove(name);
            }
        }
        segments.wipeFrom(last.value(), common.value());
        for (TimelineHistory.Ancestor ancestor : own.ancestors()) {
            removeHistory(segments, kept, ancestor.timeline());
        }
        removeHistory(segments, kept, own.timeline());
        files.syncDirectory(segments.directory());
    }

    /** Not the history the control file still names: it is read again if this is repeated. */
    private void removeHistory(WalSegments segments, Set<TimelineId> kept, TimelineId timeline) throws IOException {
        if (!kept.contains(timeline) && !timeline.equals(ControlFile.read(files, directory).timeline())) {
            files.delete(segments.directory().resolve(TimelineHistory.fileName(timeline)));
        }
    }
}
