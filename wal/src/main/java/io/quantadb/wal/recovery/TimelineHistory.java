package io.quantadb.wal.recovery;

import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Lsn;
import io.quantadb.base.TimelineId;
import io.quantadb.wal.segment.SegmentSource;
import io.quantadb.wal.segment.WalSegments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A timeline and its ancestors: which one each stretch of WAL belongs to. Immutable.
 *
 * <p>Stored as PostgreSQL does, in {@code NNNNNNNN.history} (eight hex digits) in the WAL directory; timeline 1 has no
 * file. Text, one line an ancestor, oldest first: timeline, tab, LSN at which it was left, tab, reason. Lines that
 * begin with {@code #} are comments.
 *
 * <p>Source: PostgreSQL documentation, "Continuous Archiving and Point-in-Time Recovery", section "Timelines".
 *
 * @param ancestors oldest first; strictly ascending in timeline, ascending in LSN
 */
public record TimelineHistory(TimelineId timeline, List<Ancestor> ancestors) {
    /**
     * @param switchLsn exclusive end of the ancestor's part in this history
     * @param reason for people; without tabs and line ends
     */
    public record Ancestor(TimelineId timeline, Lsn switchLsn, String reason) {
    }

    /** The history file contradicts itself. */
    public static final class HistoryException extends IOException {
        private static final long serialVersionUID = 1L;

        HistoryException(String message) {
            super(message);
        }
    }

    public TimelineHistory {
        ancestors = List.copyOf(ancestors);
    }

    /** The history of a system that was never promoted. */
    public static TimelineHistory first() {
        return new TimelineHistory(TimelineId.FIRST, List.of());
    }

    public static String fileName(TimelineId timeline) {
        return String.format("%08X.history", timeline.value());
    }

    /** The history of a timeline that leaves this one at {@code switchLsn}. */
    public TimelineHistory branch(TimelineId newTimeline, Lsn switchLsn, String reason) {
        List<Ancestor> all = new ArrayList<>(ancestors);
        all.add(new Ancestor(timeline, switchLsn, reason.replace('\t', ' ').replace('\n', ' ')));
        return new TimelineHistory(newTimeline, all);
    }

    /** The timeline that the byte at {@code lsn} belongs to. */
    public TimelineId timelineOf(Lsn lsn) {
        for (Ancestor ancestor : ancestors) {
            if (lsn.compareTo(ancestor.switchLsn()) < 0) {
                return ancestor.timeline();
            }
        }
        return timeline;
    }

    /** The LSN at which this history left the timeline; null if it is not an ancestor. */
    public Lsn switchLsnOf(TimelineId ancestorTimeline) {
        for (Ancestor ancestor : ancestors) {
            if (ancestor.timeline().equals(ancestorTimeline)) {
                return ancestor.switchLsn();
            }
        }
        return null;
    }

    /** The first LSN above the given one at which this history leaves a timeline; the largest LSN if it does not. */
    public Lsn nextSwitch(Lsn lsn) {
        for (Ancestor ancestor : ancestors) {
            if (ancestor.switchLsn().compareTo(lsn) > 0) {
                return ancestor.switchLsn();
            }
        }
        return new Lsn(Long.MAX_VALUE);
    }

    /**
     * Up to where this history and another one of the same system are the same WAL; the largest LSN if one contains
     * the other's end.
     */
    public Lsn commonEnd(TimelineHistory other) {
        Lsn largest = new Lsn(Long.MAX_VALUE);
        if (timeline.equals(other.timeline)) {
            return largest;
        }
        int same = 0;
        while (same < ancestors.size() && same < other.ancestors.size()
                && ancestors.get(same).timeline().equals(other.ancestors.get(same).timeline())
                && ancestors.get(same).switchLsn().equals(other.ancestors.get(same).switchLsn())) {
            same++;
        }
        // The first timeline after the common ones is left by each at an LSN of its own, or is where one of them ends.
        TimelineId mine = same < ancestors.size() ? ancestors.get(same).timeline() : timeline;
        TimelineId theirs = same < other.ancestors.size() ? other.ancestors.get(same).timeline() : other.timeline;
        if (!mine.equals(theirs)) {
            return same == 0 ? Lsn.INVALID : ancestors.get(same - 1).switchLsn();
        }
        Lsn myEnd = same < ancestors.size() ? ancestors.get(same).switchLsn() : largest;
        Lsn theirEnd = same < other.ancestors.size() ? other.ancestors.get(same).switchLsn() : largest;
        return myEnd.compareTo(theirEnd) <= 0 ? myEnd : theirEnd;
    }

    public String format() {
        StringBuilder text = new StringBuilder();
        for (Ancestor ancestor : ancestors) {
            text.append(ancestor.timeline()).append('\t').append(ancestor.switchLsn()).append('\t')
                    .append(ancestor.reason())
                    .append('\n');
        }
        return text.toString();
    }

    /** Parses the contents of the timeline's file; throws {@link HistoryException} naming the line. */
    public static TimelineHistory parse(TimelineId timeline, String text) throws HistoryException {
        List<Ancestor> ancestors = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split("\t", 3);
            try {
                int value = Integer.parseInt(fields[0].strip());
                if (value <= 0) {
                    throw new NumberFormatException("timeline " + value);
                }
                TimelineId id = new TimelineId(value);
                Lsn lsn = Lsn.parse(fields[1].strip());
                Ancestor previous = ancestors.isEmpty() ? null : ancestors.getLast();
                if (previous != null && (previous.timeline().compareTo(id) >= 0
                        || previous.switchLsn().compareTo(lsn) > 0)
                        || id.compareTo(timeline) >= 0) {
                    throw new HistoryException("history of timeline " + timeline + ", line " + number
                            + ": not in ascending order: \"" + line + "\"");
                }
                ancestors.add(new Ancestor(id, lsn, fields.length > 2 ? fields[2] : ""));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw new HistoryException("history of timeline " + timeline + ", line " + number + ": \"" + line
                        + "\" is not timeline, tab, LSN");
            }
        }
        return new TimelineHistory(timeline, ancestors);
    }

    /** Reads the timeline's file in the WAL directory; timeline 1 needs none. */
    public static TimelineHistory read(FileSystem files, Path walDirectory, TimelineId timeline) throws IOException {
        if (timeline.equals(TimelineId.FIRST)) {
            return first();
        }
        byte[] bytes = DurableFile.read(files, walDirectory.resolve(fileName(timeline)));
        return parse(timeline, new String(bytes, StandardCharsets.UTF_8));
    }

    /** Stores the history; durable on return. */
    public void write(FileSystem files, Path walDirectory) throws IOException {
        DurableFile.replace(files, walDirectory.resolve(fileName(timeline)), format().getBytes(StandardCharsets.UTF_8));
    }

    /** The newest timeline that has a history file in the directory, or {@code atLeast}. */
    public static TimelineId newest(FileSystem files, Path walDirectory, TimelineId atLeast) throws IOException {
        int newest = atLeast.value();
        for (String name : files.list(walDirectory)) {
            if (name.matches("[0-9A-F]{8}\\.history")) {
                newest = Math.max(newest, Integer.parseUnsignedInt(name.substring(0, 8), 16));
            }
        }
        return new TimelineId(newest);
    }

    /**
     * Reads the WAL along this history. A segment in which a timeline was left exists on both; the newer one holds all
     * of it that counts, so newer timelines are tried first.
     */
    public SegmentSource source(WalSegments segments) {
        return segment -> {
            long start = segments.layout().startOf(segment);
            FileHandle handle = segments.openForReading(timeline.value(), segment);
            for (int i = ancestors.size() - 1; i >= 0 && handle == null; i--) {
                Ancestor ancestor = ancestors.get(i);
                if (ancestor.switchLsn().value() > start) {
                    handle = segments.openForReading(ancestor.timeline().value(), segment);
                }
            }
            return handle;
        };
    }

    /** As {@link #read}, but the absence of the file is told apart: returns null. */
    public static TimelineHistory readIfPresent(FileSystem files, Path walDirectory, TimelineId timeline)
            throws IOException {
        try {
            return read(files, walDirectory, timeline);
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
