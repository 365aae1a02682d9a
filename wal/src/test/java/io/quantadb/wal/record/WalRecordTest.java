package io.quantadb.wal.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.wal.record.WalRecordView.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Goal: the byte layout of records is what the class comment of WalFormat says, and stays so. */
class WalRecordTest {
    private static byte[] golden(String name) throws IOException {
        try (var input = WalRecordTest.class.getResourceAsStream("/golden/wal-v1/" + name)) {
            String text = new String(input.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", ""));
        }
    }

    private static WalRecordEncoder sample() {
        WalRecordEncoder encoder = new WalRecordEncoder();
        encoder.begin(4, 2, 0x0102030405060708L)
                .block(new RelationId(5, 16_384), ForkNumber.FREE_SPACE_MAP, 9, 0, WalRecordBuilder.WILL_INIT)
                .putShort(0xBEEF).putByte(0x7F)
                .mainData().putInt(42).putLong(-1);
        return encoder;
    }

    @Test
    void shouldEncodeTheGoldenBytes() throws IOException {
        WalRecordEncoder encoder = sample();
        int length = encoder.prepare(0);
        encoder.finish(0x1000100, 0x10000C0, 0x1000040);
        assertEquals(32 + 20 + 3 + 12, length);
        assertArrayEquals(golden("record.hex"), Arrays.copyOf(encoder.bytes(), WalFormat.align(length)));
    }

    @Test
    void shouldDecodeTheGoldenBytes() throws IOException {
        byte[] bytes = golden("record.hex");
        WalRecordView view = new WalRecordView();
        assertEquals(Status.VALID, view.decode(bytes, 0, bytes.length, 1 << 16, 0x1000100));
        assertEquals(0x10000C0, view.previousLsn());
        assertEquals(0x1000148, view.endLsn());
        assertEquals(0x1000040, view.durableLsn());
        assertEquals(0x0102030405060708L, view.xid());
        assertEquals(new RelationId(5, 16_384), view.relation(0));
        assertEquals(ForkNumber.FREE_SPACE_MAP, view.fork(0));
        assertEquals(9, view.blockNumber(0));
        assertTrue(view.willInit(0));
        assertEquals(3, view.blockDataLength(0));
        assertEquals(12, view.dataLength());
        assertEquals(42, Memory.getInt(bytes, view.dataOffset()));
    }

    @Test
    void shouldNotValidateAtAnotherPosition() throws IOException {
        byte[] bytes = golden("record.hex");
        assertEquals(Status.BAD_CRC, new WalRecordView().decode(bytes, 0, bytes.length, 1 << 16, 0x2000100));
    }

    @Test
    void shouldDetectEveryFlippedBit() throws IOException {
        byte[] bytes = golden("record.hex");
        WalRecordView view = new WalRecordView();
        for (int bit = 0; bit < (32 + 20 + 3 + 12) * 8; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertNotEquals(Status.VALID, view.decode(damaged, 0, damaged.length, 1 << 16, 0x1000100), "bit " + bit);
        }
    }

    @Test
    void shouldRestoreAnyPageFromItsImage() {
        long seed = Long.getLong("quantadb.seed", System.nanoTime());
        Random random = new Random(seed);
        long page = Memory.allocate(WalFormat.PAGE_SIZE);
        long restored = Memory.allocate(WalFormat.PAGE_SIZE);
        byte[] image = new byte[PageImage.sizeMax() + 8];
        byte[] expected = new byte[WalFormat.PAGE_SIZE];
        byte[] found = new byte[WalFormat.PAGE_SIZE];
        for (int round = 0; round < 2_000; round++) {
            Memory.fill(page, WalFormat.PAGE_SIZE, 0);
            int islands = random.nextInt(30);
            for (int i = 0; i < islands; i++) {
                int at = random.nextInt(WalFormat.PAGE_SIZE);
                int length = random.nextInt(Math.min(WalFormat.PAGE_SIZE - at, 1 << random.nextInt(14)));
                for (int j = 0; j < length; j++) {
                    Memory.putByte(page + at + j, random.nextInt());
                }
            }
            int length = PageImage.encode(page, image, 3);
            int encoding = length == WalFormat.PAGE_SIZE ? PageImage.ENCODING_RAW : PageImage.ENCODING_ZERO_RUNS;
            assertTrue(PageImage.isValid(encoding, image, 3, length), "seed " + seed);
            Memory.fill(restored, WalFormat.PAGE_SIZE, 0x77);
            PageImage.decode(encoding, image, 3, length, restored);
            Memory.copyToArray(page, expected, 0, expected.length);
            Memory.copyToArray(restored, found, 0, found.length);
            assertArrayEquals(expected, found, "seed " + seed + ", round " + round);
        }
        Memory.free(page);
        Memory.free(restored);
    }
}
