// Where a process may die. The store says when it is there; nothing happens unless somebody who opened it listens.

/**
 * The moments of recovery, of a commit and of the work behind it at which a test ends the process, in the order in which they come:
 * opening the store, building the next version, making it durable, and what follows in the background.
 */
export const failpoints = [
  "beforeReplay",
  "beforeTruncate",
  "afterTruncate",
  "beforeSort",
  "afterSort",
  "beforeApply",
  "betweenTrees",
  "beforeRoot",
  "afterApply",
  "beforeRecord",
  "beforeRows",
  "beforeBatch",
  "afterBatch",
  "afterCommit",
  "beforeFlat",
  "afterFlat",
  "beforeCheckpointPage",
  "afterCheckpointPage",
  "beforeSync",
  "beforeRename",
  "afterRename",
  "afterFolderSync",
  "beforeRemoval",
  "beforePrune",
  "betweenPrunes",
  "afterPrune",
  "beforeProof",
  "afterProof",
] as const;

/** A moment at which a process may die. */
export type Failpoint = (typeof failpoints)[number];

/** Called with the name of each moment as it is reached. */
export type FailpointHook = (name: Failpoint) => void;

/** The hook of a store that nobody tests. */
export const noFailpoints: FailpointHook = () => undefined;
