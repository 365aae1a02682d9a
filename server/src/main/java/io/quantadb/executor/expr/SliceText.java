package io.quantadb.executor.expr;

import io.quantadb.base.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Comparisons of texts where they are stored, byte by byte: UTF-8 keeps equality, order and substrings. */
final class SliceText {
    private SliceText() {
    }

    /** Length without trailing blanks. */
    static int trimmed(long address, int length) {
        int used = length;
        while (used > 0 && Memory.getByte(address + used - 1) == ' ') {
            used--;
        }
        return used;
    }

    static String trimmed(String text) {
        int used = text.length();
        while (used > 0 && text.charAt(used - 1) == ' ') {
            used--;
        }
        return text.substring(0, used);
    }

    static boolean equal(long address, int length, byte[] constant) {
        return length == constant.length && Memory.compare(address, length, constant, length) == 0;
    }

    /** A LIKE pattern of literal pieces and percent signs only. Immutable. */
    static final class Like {
        private final byte[][] pieces;
        private final boolean anchoredStart;
        private final boolean anchoredEnd;

        private Like(byte[][] pieces, boolean anchoredStart, boolean anchoredEnd) {
            this.pieces = pieces;
            this.anchoredStart = anchoredStart;
            this.anchoredEnd = anchoredEnd;
        }

        /** Null if the pattern has underscores or ends with its escape character. */
        static Like of(String pattern) {
            List<byte[]> pieces = new ArrayList<>();
            StringBuilder piece = new StringBuilder();
            for (int i = 0; i < pattern.length(); i++) {
                char c = pattern.charAt(i);
                if (c == '_' || c == '\\' && i + 1 == pattern.length()) {
                    return null;
                }
                if (c == '%') {
                    addPiece(pieces, piece);
                } else {
                    piece.append(c == '\\' ? pattern.charAt(++i) : c);
                }
            }
            boolean anchoredEnd = !piece.isEmpty() || !pattern.contains("%");
            addPiece(pieces, piece);
            return new Like(pieces.toArray(byte[][]::new), !pattern.startsWith("%"), anchoredEnd);
        }

        private static void addPiece(List<byte[]> pieces, StringBuilder piece) {
            if (!piece.isEmpty()) {
                pieces.add(piece.toString().getBytes(StandardCharsets.UTF_8));
                piece.setLength(0);
            }
        }

        boolean matches(long address, int length) {
            int first = 0;
            int last = pieces.length;
            long at = address;
            long end = address + length;
            if (anchoredStart && last == 0) {
                return length == 0;
            }
            if (anchoredStart) {
                byte[] piece = pieces[first++];
                if (length < piece.length || Memory.compare(at, piece.length, piece, piece.length) != 0) {
                    return false;
                }
                at += piece.length;
                if (anchoredEnd && last == 1) {
                    return at == end;
                }
            }
            if (anchoredEnd && last > first) {
                byte[] piece = pieces[--last];
                if (end - at < piece.length || Memory.compare(end - piece.length, piece.length, piece, piece.length) != 0) {
                    return false;
                }
                end -= piece.length;
            }
            for (int i = first; i < last; i++) {
                at = find(at, end, pieces[i]);
                if (at < 0) {
                    return false;
                }
                at += pieces[i].length;
            }
            return true;
        }

        private static long find(long from, long end, byte[] piece) {
            byte first = piece[0];
            long stop = end - piece.length;
            for (long at = from; at <= stop; at++) {
                if (Memory.getByte(at) == first && Memory.compare(at, piece.length, piece, piece.length) == 0) {
                    return at;
                }
            }
            return -1;
        }
    }
}
