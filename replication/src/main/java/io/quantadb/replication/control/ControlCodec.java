package io.quantadb.replication.control;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * Bytes of states, commands and results: in the Raft log, in its snapshots, and between nodes.
 *
 * <pre>
 *   offset  size  big-endian
 *        0     4  magic "QCS1" (state), "QCC1" (command), "QCR1" (result)
 *        4     2  version of what follows: 1
 *        6     4  length of the body, bytes
 *       10     n  body: fields in the order of the record; text is a 2-byte length and modified UTF-8, absent text a
 *                 byte 0, present text a byte 1 in front; sets and maps are a 4-byte count and sorted elements
 *     10+n     4  CRC32C of everything in front
 * </pre>
 */
final class ControlCodec {
    private static final int STATE = 0x51435331;
    private static final int COMMAND = 0x51434331;
    private static final int RESULT = 0x51435231;
    private static final short VERSION = 1;
    private static final int HEADER_SIZE = 10;
    private static final int COUNT_MAX = 10_000;

    private ControlCodec() {
    }

    /** Writes a body. */
    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    /** Reads a body. */
    private interface Parser<T> {
        T read(DataInputStream in) throws IOException;
    }

    static byte[] encodeState(ControlState state) {
        return frame(STATE, out -> writeState(out, state));
    }

    static ControlState decodeState(byte[] bytes) {
        return unframe(STATE, "control state", bytes, ControlCodec::readState);
    }

    static byte[] encodeCommand(Command command) {
        return frame(COMMAND, out -> writeCommand(out, command));
    }

    static Command decodeCommand(byte[] bytes) {
        return unframe(COMMAND, "control command", bytes, ControlCodec::readCommand);
    }

    static byte[] encodeRefusal(String refusal) {
        return frame(RESULT, out -> writeText(out, refusal));
    }

    static String decodeRefusal(byte[] bytes) {
        return unframe(RESULT, "result of a control command", bytes, ControlCodec::readText);
    }

    private static byte[] frame(int magic, Body body) {
        try {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            body.write(new DataOutputStream(content));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(all);
            out.writeInt(magic);
            out.writeShort(VERSION);
            out.writeInt(content.size());
            content.writeTo(out);
            CRC32C crc = new CRC32C();
            crc.update(all.toByteArray());
            out.writeInt((int) crc.getValue());
            return all.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
    }

    private static <T> T unframe(int magic, String what, byte[] bytes, Parser<T> parser) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            if (bytes.length < HEADER_SIZE + 4 || in.readInt() != magic) {
                throw new IllegalArgumentException("not a " + what);
            }
            int version = in.readShort();
            if (version > VERSION) {
                throw new IllegalArgumentException(what + " has version " + version + ", this program knows "
                        + VERSION);
            }
            int length = in.readInt();
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, bytes.length - 4);
            int stored = new DataInputStream(new ByteArrayInputStream(bytes, bytes.length - 4, 4)).readInt();
            if (length != bytes.length - HEADER_SIZE - 4 || stored != (int) crc.getValue()) {
                throw new IllegalArgumentException(what + " is damaged: wrong length or checksum");
            }
            return parser.read(in);
        } catch (IOException e) {
            throw new IllegalArgumentException(what + " is damaged", e);
        }
    }

    private static void writeState(DataOutputStream out, ControlState s) throws IOException {
        out.writeLong(s.epoch());
        writeText(out, s.primary());
        out.writeLong(s.primaryIncarnation());
        out.writeInt(s.timeline());
        out.writeInt(s.history().size());
        for (Fork fork : s.history()) {
            out.writeInt(fork.timeline());
            out.writeLong(fork.switchLsn());
        }
        out.writeLong(s.startHorizon());
        out.writeBoolean(s.lossy());
        writeNames(out, s.inSync());
        out.writeLong(s.inSyncVersion());
        out.writeInt(s.members().size());
        for (Member member : s.members().values()) {
            writeMember(out, member);
        }
        out.writeBoolean(s.election() != null);
        if (s.election() != null) {
            writeElection(out, s.election());
        }
        writeText(out, s.plannedTarget());
        out.writeBoolean(s.paused());
        out.writeInt(s.giveWays());
    }

    private static ControlState readState(DataInputStream in) throws IOException {
        long epoch = in.readLong();
        String primary = readText(in);
        long primaryIncarnation = in.readLong();
        int timeline = in.readInt();
        List<Fork> history = new ArrayList<>();
        for (int i = readCount(in); i > 0; i--) {
            history.add(new Fork(in.readInt(), in.readLong()));
        }
        long startHorizon = in.readLong();
        boolean lossy = in.readBoolean();
        SortedSet<String> inSync = readNames(in);
        long inSyncVersion = in.readLong();
        SortedMap<String, Member> members = new TreeMap<>();
        for (int i = readCount(in); i > 0; i--) {
            Member member = readMember(in);
            members.put(member.id(), member);
        }
        Election election = in.readBoolean() ? readElection(in) : null;
        return new ControlState(epoch, primary, primaryIncarnation, timeline, history, startHorizon, lossy, inSync,
                inSyncVersion, members, election, readText(in), in.readBoolean(), in.readInt());
    }

    private static void writeElection(DataOutputStream out, Election election) throws IOException {
        out.writeByte(reasonCode(election.reason()));
        writeText(out, election.oldPrimary());
        writeNames(out, election.candidates());
        writeText(out, election.preferred());
        out.writeInt(election.positions().size());
        for (var entry : election.positions().entrySet()) {
            out.writeUTF(entry.getKey());
            writePosition(out, entry.getValue());
        }
    }

    private static Election readElection(DataInputStream in) throws IOException {
        Command.Reason reason = readReason(in);
        String oldPrimary = readText(in);
        SortedSet<String> candidates = readNames(in);
        String preferred = readText(in);
        SortedMap<String, Position> positions = new TreeMap<>();
        for (int i = readCount(in); i > 0; i--) {
            positions.put(in.readUTF(), readPosition(in));
        }
        return new Election(reason, oldPrimary, candidates, preferred, positions);
    }

    private static void writeCommand(DataOutputStream out, Command command) throws IOException {
        switch (command) {
            case Command.Bootstrap c -> {
                out.writeByte(1);
                writeMember(out, c.first());
                out.writeInt(c.timeline());
            }
            case Command.Hello c -> {
                out.writeByte(2);
                out.writeUTF(c.node());
                out.writeLong(c.incarnation());
            }
            case Command.AddMember c -> {
                out.writeByte(3);
                writeMember(out, c.member());
            }
            case Command.UpdateMember c -> {
                out.writeByte(4);
                writeMember(out, c.member());
            }
            case Command.RemoveMember c -> {
                out.writeByte(5);
                out.writeUTF(c.node());
            }
            case Command.SetInSync c -> {
                out.writeByte(6);
                out.writeLong(c.epoch());
                out.writeLong(c.expectedVersion());
                writeNames(out, c.members());
            }
            case Command.BeginElection c -> {
                out.writeByte(7);
                out.writeLong(c.epoch());
                writeNames(out, c.excluded());
                out.writeByte(reasonCode(c.reason()));
            }
            case Command.ReportPosition c -> {
                out.writeByte(8);
                out.writeLong(c.epoch());
                out.writeUTF(c.node());
                writePosition(out, c.position());
            }
            case Command.Elect c -> {
                out.writeByte(9);
                out.writeLong(c.epoch());
                out.writeUTF(c.winner());
            }
            case Command.PlanSwitchover c -> {
                out.writeByte(10);
                out.writeLong(c.epoch());
                out.writeUTF(c.target());
            }
            case Command.CompleteSwitchover c -> {
                out.writeByte(11);
                out.writeLong(c.epoch());
                out.writeUTF(c.target());
                out.writeLong(c.finalLsn());
            }
            case Command.CancelSwitchover c -> {
                out.writeByte(12);
                out.writeLong(c.epoch());
                writeText(out, c.why());
            }
            case Command.Pause c -> {
                out.writeByte(13);
                out.writeBoolean(c.paused());
            }
        }
    }

    private static Command readCommand(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case 1 -> new Command.Bootstrap(readMember(in), in.readInt());
            case 2 -> new Command.Hello(in.readUTF(), in.readLong());
            case 3 -> new Command.AddMember(readMember(in));
            case 4 -> new Command.UpdateMember(readMember(in));
            case 5 -> new Command.RemoveMember(in.readUTF());
            case 6 -> new Command.SetInSync(in.readLong(), in.readLong(), readNames(in));
            case 7 -> new Command.BeginElection(in.readLong(), readNames(in), readReason(in));
            case 8 -> new Command.ReportPosition(in.readLong(), in.readUTF(), readPosition(in));
            case 9 -> new Command.Elect(in.readLong(), in.readUTF());
            case 10 -> new Command.PlanSwitchover(in.readLong(), in.readUTF());
            case 11 -> new Command.CompleteSwitchover(in.readLong(), in.readUTF(), in.readLong());
            case 12 -> new Command.CancelSwitchover(in.readLong(), readText(in));
            case 13 -> new Command.Pause(in.readBoolean());
            default -> throw new IllegalArgumentException("unknown control command " + kind);
        };
    }

    private static int reasonCode(Command.Reason reason) {
        return switch (reason) {
            case PRIMARY_DEAD -> 1;
            case PRIMARY_RESTARTED -> 2;
            case PRIMARY_CANNOT_LEAD -> 3;
            case GIVE_WAY -> 4;
            case NO_CANDIDATE -> 5;
            case FORCED -> 6;
        };
    }

    private static Command.Reason readReason(DataInputStream in) throws IOException {
        int code = in.readByte();
        for (Command.Reason reason : Command.Reason.values()) {
            if (reasonCode(reason) == code) {
                return reason;
            }
        }
        throw new IllegalArgumentException("unknown reason " + code + " of an election");
    }

    private static void writeMember(DataOutputStream out, Member m) throws IOException {
        out.writeUTF(m.id());
        out.writeByte(m.kind() == Member.Kind.DATA ? 1 : 2);
        out.writeInt(m.priority());
        out.writeUTF(m.addresses().sql());
        out.writeUTF(m.addresses().replication());
        out.writeUTF(m.addresses().raft());
        out.writeUTF(m.addresses().api());
        out.writeLong(m.incarnation());
        out.writeBoolean(m.joined());
    }

    private static Member readMember(DataInputStream in) throws IOException {
        return new Member(in.readUTF(), in.readByte() == 1 ? Member.Kind.DATA : Member.Kind.WITNESS, in.readInt(),
                new Member.Addresses(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF()), in.readLong(),
                in.readBoolean());
    }

    private static void writePosition(DataOutputStream out, Position position) throws IOException {
        out.writeInt(position.timeline());
        out.writeLong(position.lsn());
    }

    private static Position readPosition(DataInputStream in) throws IOException {
        return new Position(in.readInt(), in.readLong());
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeUTF(text);
        }
    }

    private static String readText(DataInputStream in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }

    private static void writeNames(DataOutputStream out, Set<String> names) throws IOException {
        out.writeInt(names.size());
        for (String name : names) {
            out.writeUTF(name);
        }
    }

    private static SortedSet<String> readNames(DataInputStream in) throws IOException {
        SortedSet<String> names = new TreeSet<>();
        for (int i = readCount(in); i > 0; i--) {
            names.add(in.readUTF());
        }
        return names;
    }

    private static int readCount(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > COUNT_MAX) {
            throw new IllegalArgumentException("count " + count + " in the control state, largest is " + COUNT_MAX);
        }
        return count;
    }
}
