package io.quantadb.it.history;

/** Why one transaction comes before another. */
enum Edge {
    /** It wrote the version before the other's. */
    WW,
    /** It wrote what the other read. */
    WR,
    /** It read the version that the other replaced: it did not see the other. */
    RW,
    /** It was acknowledged before the other began. */
    REALTIME
}
