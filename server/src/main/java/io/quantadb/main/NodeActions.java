package io.quantadb.main;

import io.quantadb.catalog.table.HeapCatalogStore;
import io.quantadb.maintenance.CheckpointKind;
import io.quantadb.session.Session;
import io.quantadb.session.command.CommandServices;

/** What commands ask of the node. */
final class NodeActions implements CommandServices.ServerActions {
    private final Node node;

    NodeActions(Node node) {
        this.node = node;
    }

    @Override
    public void checkpoint() {
        node.checkpointer.checkpointNow(CheckpointKind.REQUESTED);
    }

    @Override
    public void copyDatabase(Session session, int templateOid, int newOid) {
        HeapCatalogStore template = node.catalogStore(templateOid, session.transaction());
        node.bootstrap.copy(session.transaction(), template, templateOid, newOid);
    }

    @Override
    public void dropDatabaseFiles(int databaseOid) {
        node.catalogs.forget(databaseOid);
        node.storage.changes().dropDatabase(databaseOid, io.quantadb.base.Xid.INVALID);
    }
}
