package io.quantadb.quantactl;

/** Form of what a command prints. */
enum Output {
    TABLE, JSON
}
