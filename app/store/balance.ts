// AVL balance of IAVL v1. The child that comes up in a rotation becomes a node of the working version, and so takes its stamp, even when it was
// not on the path of the change; keys stay with their nodes.
import { column, type NodeColumns } from "./nodeColumns.ts";

/** Gives nodes that may be changed. */
export interface NodeOwner {
  /** The node itself if the working version made it, else a stamped copy that takes its place. */
  own(id: number): number;
}

/** Recomputes height and size of an inner node from its children. */
export function recompute(nodes: NodeColumns, id: number): void {
  const left = nodes.left(id);
  const right = nodes.right(id);
  const leftHeight = nodes.height(left);
  const rightHeight = nodes.height(right);
  nodes.set(id, column.height, Math.max(leftHeight, rightHeight) + 1);
  nodes.set(id, column.size, nodes.size(left) + nodes.size(right));
}

/**
 * Restores |left.height − right.height| ≤ 1 at a node whose subtrees are balanced.
 * @param id a node of the working version with height and size up to date
 * @returns the node that takes its place
 */
export function balance(nodes: NodeColumns, owner: NodeOwner, id: number): number {
  const lean = leanOf(nodes, id);
  if (lean > 1) {
    // A left child that leans right, strictly, asks for the double rotation; an even one for the single.
    if (leanOf(nodes, nodes.left(id)) < 0) nodes.set(id, column.left, rotateLeft(nodes, owner, owner.own(nodes.left(id))));
    return rotateRight(nodes, owner, id);
  }
  if (lean < -1) {
    if (leanOf(nodes, nodes.right(id)) > 0) nodes.set(id, column.right, rotateRight(nodes, owner, owner.own(nodes.right(id))));
    return rotateLeft(nodes, owner, id);
  }
  return id;
}

function leanOf(nodes: NodeColumns, id: number): number {
  return nodes.height(nodes.left(id)) - nodes.height(nodes.right(id));
}

function rotateRight(nodes: NodeColumns, owner: NodeOwner, id: number): number {
  const up = owner.own(nodes.left(id));
  nodes.set(id, column.left, nodes.right(up));
  nodes.set(up, column.right, id);
  recompute(nodes, id);
  recompute(nodes, up);
  return up;
}

function rotateLeft(nodes: NodeColumns, owner: NodeOwner, id: number): number {
  const up = owner.own(nodes.right(id));
  nodes.set(id, column.right, nodes.left(up));
  nodes.set(up, column.left, id);
  recompute(nodes, id);
  recompute(nodes, up);
  return up;
}
