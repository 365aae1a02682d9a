package io.quantadb.verify;

/**
 * One thing that verification found.
 *
 * @param severity whether it is damage
 * @param database name, null for what is shared or not known
 * @param relation qualified name of the table or index, null if only the file is known
 * @param file relation file below the data directory, null if it is about more than one
 * @param block -1 if it is not about one block
 */
public record Finding(Severity severity, String database, String relation, String file, int block, String message) {
    /** How bad it is. */
    public enum Severity {
        /** Expected after a crash, repaired by normal operation. */
        NOTICE,
        DAMAGED
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(severity == Severity.DAMAGED ? "damaged: " : "notice: ");
        if (database != null) {
            text.append("database ").append(database).append(", ");
        }
        if (relation != null) {
            text.append("relation ").append(relation).append(file == null ? ", " : "");
        }
        if (file != null) {
            text.append(relation == null ? file : " (" + file + ")").append(", ");
        }
        if (block >= 0) {
            text.append("block ").append(block).append(", ");
        }
        return text.replace(text.length() - 2, text.length(), ": ").append(message).toString();
    }
}
