package io.quantadb.it.workload;

/** Which node a client wants. */
public enum Role {
    /** The one that takes writes, wherever it is. */
    PRIMARY,
    /** One that does not. */
    REPLICA,
    /** Whatever answers. */
    ANY
}
