package io.quantadb.planner.physical;

import java.util.List;

/** How a bitmap scan finds its rows. */
public sealed interface BitmapNode {
    PlanInfo info();

    record BitmapIndexScan(PlanInfo info, IndexCondition condition) implements BitmapNode {
    }

    record BitmapAnd(PlanInfo info, List<BitmapNode> inputs) implements BitmapNode {
    }

    record BitmapOr(PlanInfo info, List<BitmapNode> inputs) implements BitmapNode {
    }
}
