package io.quantadb.replication.sender;

import io.quantadb.base.Lsn;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.FileKind;
import io.quantadb.replication.protocol.Message.BaseCopyEnd;
import io.quantadb.replication.protocol.Message.BaseCopyRequest;
import io.quantadb.replication.protocol.Message.BaseCopyStart;
import io.quantadb.replication.protocol.Message.FileData;
import io.quantadb.replication.protocol.Message.FileEnd;
import io.quantadb.replication.protocol.Message.FileHeader;
import io.quantadb.replication.sender.BaseSource.BaseFile;
import io.quantadb.replication.slot.SlotException;
import io.quantadb.wal.record.WalFormat;
import io.quantadb.wal.recovery.TimelineHistory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the files of a serving node. Runs on a thread of its own: reading waits for the disk, sending for the peer.
 *
 * <p>A page that is being written while it is read has a wrong checksum; it is read again, alone, until it is whole.
 */
final class BaseCopyTask implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(BaseCopyTask.class);
    private static final int CHUNK_PAGES = 32;
    private static final int CHUNK_SIZE = CHUNK_PAGES * WalFormat.PAGE_SIZE;
    private static final int BUFFERS = 6;
    private static final int TORN_RETRIES = 200;
    private static final long TORN_WAIT_MILLIS = 2;

    private final SenderHost host;
    private final BaseCopyRequest request;
    private final TaskChannel channel;
    private final BlockingQueue<ByteBuffer> buffers = new ArrayBlockingQueue<>(BUFFERS);

    BaseCopyTask(SenderHost host, BaseCopyRequest request, TaskChannel channel) {
        this.host = host;
        this.request = request;
        this.channel = channel;
        for (int i = 0; i < BUFFERS; i++) {
            buffers.add(ByteBuffer.allocateDirect(CHUNK_SIZE));
        }
    }

    @Override
    public void run() {
        BaseSource base = host.base();
        WalSource wal = host.wal();
        if (base == null || wal == null) {
            channel.fail(ErrorCode.NOT_READY, "node " + host.self().nodeId() + " gives no base copies now");
            return;
        }
        try {
            copy(base, wal);
        } catch (IOException e) {
            LOGGER.warn("A base copy failed: {}", e.toString());
            channel.fail(ErrorCode.IO, "base copy failed: " + e.getMessage());
        } catch (SlotException e) {
            channel.fail(ErrorCode.REFUSED, e.getMessage());
        } catch (InterruptedException e) {
            LOGGER.info("A base copy was interrupted");
        } catch (RuntimeException e) {
            LOGGER.error("A base copy failed", e);
            channel.fail(ErrorCode.IO, "base copy failed: " + e);
        }
    }

    private void copy(BaseSource base, WalSource wal) throws IOException, SlotException, InterruptedException {
        BaseSource.Begin begin = base.begin();
        Lsn resumeLsn = new Lsn(request.resumeRedoLsn());
        boolean resumed = resumeLsn.isValid() && host.slots().retains(request.slot(), resumeLsn);
        if (!resumed) {
            host.slots().beginBaseCopy(request.slot(), begin.redoLsn());
        }
        TimelineHistory history = wal.history();
        Set<String> done = new HashSet<>(resumed ? request.done() : List.of());
        List<BaseFile> files = base.files().stream().filter(file -> !done.contains(file.path())).toList();
        long total = files.stream().mapToLong(BaseFile::sizeBytes).sum();
        // A resumed copy keeps its redo point: the pages copied then need replay from there.
        channel.send(new BaseCopyStart(resumed, host.systemId(), history.timeline().value(),
                begin.checkpointLsn().value(), resumed ? resumeLsn.value() : begin.redoLsn().value(),
                wal.layout().sizeBytes(), files.size(), total, history.format()));
        for (int i = 0; i < files.size(); i++) {
            sendFile(base, i, files.get(i));
        }
        Lsn end = base.end();
        channel.send(new BaseCopyEnd(end.value()));
        host.slots().endBaseCopy(request.slot());
        channel.end();
        LOGGER.info("A base copy of {} files, {} bytes is complete; consistent at {}", files.size(), total, end);
    }

    private void sendFile(BaseSource base, int index, BaseFile file) throws IOException, InterruptedException {
        channel.send(new FileHeader(index, file.kind(), file.sizeBytes(), file.path()));
        long offset = 0;
        while (true) {
            ByteBuffer buffer = buffers.take();
            buffer.clear();
            int count = base.read(file, offset, buffer);
            if (count <= 0) {
                buffers.add(buffer);
                channel.send(new FileEnd(index, count < 0 ? -1 : offset));
                return;
            }
            buffer.flip();
            if (file.kind() == FileKind.RELATION) {
                // A file that is being extended may end inside a page: replay makes that page anew.
                buffer.limit(count - count % WalFormat.PAGE_SIZE);
                repairTornPages(base, file, offset, buffer);
            }
            int length = buffer.remaining();
            if (length > 0) {
                channel.send(new FileData(index, offset, buffer), () -> buffers.add(buffer));
            } else {
                buffers.add(buffer);
            }
            offset += length;
            if (length < CHUNK_SIZE) {
                channel.send(new FileEnd(index, offset));
                return;
            }
        }
    }

    /** Reads torn pages again; shortens the buffer where the file has become shorter. */
    private static void repairTornPages(BaseSource base, BaseFile file, long offset, ByteBuffer buffer)
            throws IOException, InterruptedException {
        for (int at = 0; at < buffer.limit(); at += WalFormat.PAGE_SIZE) {
            long block = (offset + at) / WalFormat.PAGE_SIZE;
            ByteBuffer page = buffer.slice(at, WalFormat.PAGE_SIZE);
            int attempt = 0;
            while (!base.isWhole(file, block, page)) {
                attempt++;
                if (attempt > TORN_RETRIES) {
                    throw new IOException("page " + block + " of \"" + file.path() + "\" has a wrong checksum");
                }
                Thread.sleep(TORN_WAIT_MILLIS);
                page.clear();
                if (base.read(file, offset + at, page) < WalFormat.PAGE_SIZE) {
                    // Truncated meanwhile: the file ends here.
                    buffer.limit(at);
                    return;
                }
                page.flip();
            }
        }
    }
}
