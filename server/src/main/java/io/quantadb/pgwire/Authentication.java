package io.quantadb.pgwire;

/** One connection's proof of identity. Confined to the event loop. */
interface Authentication {
    /** Sends the first request. @return true if nothing needs to be proven */
    boolean begin(PgWriter writer);

    /**
     * Handles a response of the client.
     *
     * @return true when the client is who it says
     * @throws io.quantadb.error.SqlException 28P01 or 28000 if it is not, 08P01 for a malformed response
     */
    boolean response(byte[] data, PgWriter writer);

    /** For listeners on loopback that trust everybody. */
    Authentication TRUST = new Authentication() {
        @Override
        public boolean begin(PgWriter writer) {
            return true;
        }

        @Override
        public boolean response(byte[] data, PgWriter writer) {
            throw MessageReader.violation("unexpected password message");
        }
    };
}
