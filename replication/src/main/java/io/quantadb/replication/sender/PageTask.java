package io.quantadb.replication.sender;

import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Message.PageReply;
import io.quantadb.replication.protocol.Message.PageRequest;
import io.quantadb.replication.protocol.Message.PageSums;
import io.quantadb.wal.record.WalFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one request for pages. Runs on a thread that may block. */
final class PageTask implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(PageTask.class);

    private final SenderHost host;
    private final PageRequest request;
    private final TaskChannel channel;

    PageTask(SenderHost host, PageRequest request, TaskChannel channel) {
        this.host = host;
        this.request = request;
        this.channel = channel;
    }

    @Override
    public void run() {
        PageSource pages = host.pages();
        if (pages == null) {
            channel.fail(ErrorCode.NOT_FOUND, "node " + host.self().nodeId() + " gives no pages");
            return;
        }
        try {
            answer(pages);
        } catch (IOException e) {
            channel.fail(ErrorCode.IO, "cannot read pages: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOGGER.error("Reading pages for a peer failed", e);
            channel.fail(ErrorCode.IO, "cannot read pages: " + e);
        }
    }

    private void answer(PageSource pages) throws IOException, InterruptedException {
        int blocks = pages.blockCount(request.database(), request.file(), request.fork());
        int count = Math.max(0, Math.min(request.count(), blocks - request.firstBlock()));
        long[] lsns = new long[count];
        int[] sums = new int[count];
        ByteBuffer all = ByteBuffer.allocate(request.sums() ? WalFormat.PAGE_SIZE : count * WalFormat.PAGE_SIZE);
        CRC32C crc = new CRC32C();
        int read = 0;
        while (read < count) {
            ByteBuffer page = all.slice(request.sums() ? 0 : read * WalFormat.PAGE_SIZE, WalFormat.PAGE_SIZE);
            if (!pages.read(request.database(), request.file(), request.fork(), request.firstBlock() + read, page)) {
                break;
            }
            page.clear();
            if (request.sums()) {
                lsns[read] = pages.pageLsn(page.duplicate());
                crc.reset();
                crc.update(page);
                sums[read] = (int) crc.getValue();
            }
            read++;
        }
        if (request.sums()) {
            channel.send(new PageSums(request.id(), blocks, request.firstBlock(), Arrays.copyOf(lsns, read),
                    Arrays.copyOf(sums, read)));
        } else {
            channel.send(new PageReply(request.id(), blocks, request.firstBlock(),
                    all.slice(0, read * WalFormat.PAGE_SIZE)));
        }
    }
}
