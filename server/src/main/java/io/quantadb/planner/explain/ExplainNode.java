package io.quantadb.planner.explain;

import io.quantadb.planner.physical.PlanInfo;
import java.util.ArrayList;
import java.util.List;

/** One node as EXPLAIN shows it: several physical nodes may be one here, and one may be two. */
final class ExplainNode {
    /** Label and value; a value is a text or a list of texts. */
    record Property(String label, Object value) {
    }

    /** What JSON says the node is. */
    final String type;
    /** The first line without costs. */
    final String title;
    final PlanInfo info;
    /** Node ids whose counters are this node's, the lowest first. */
    final List<Integer> nodeIds = new ArrayList<>();
    final List<Property> properties = new ArrayList<>();
    final List<ExplainNode> children = new ArrayList<>();
    /** "InitPlan 1 (returns $0)", "SubPlan 1", "CTE x", or null for an ordinary input. */
    String label;
    /** Outer, Inner, Member, InitPlan, SubPlan, Subquery; null for the root. */
    String relationship;

    ExplainNode(String type, String title, PlanInfo info) {
        this.type = type;
        this.title = title;
        this.info = info;
        nodeIds.add(info.nodeId());
    }

    ExplainNode with(String name, Object value) {
        if (value != null && !(value instanceof List<?> list && list.isEmpty())) {
            properties.add(new Property(name, value));
        }
        return this;
    }

    ExplainNode child(ExplainNode node, String how) {
        node.relationship = how;
        children.add(node);
        return this;
    }
}
