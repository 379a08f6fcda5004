import { bindErrors } from "#sdk";

/** Errors of the experience registry by name: code and static message (README.md, Errors). Codes are never reused. */
export const EXPERIENCE_ERRORS = {
  invalidParams: [2, "invalid experience parameters"],
  invalidGenesis: [3, "invalid experience genesis"],
  unknownSchema: [4, "unknown schema"],
  invalidSchema: [5, "invalid schema"],
  schemaExists: [6, "schema exists"],
  unknownDomain: [7, "unknown domain"],
  invalidDomain: [8, "invalid domain"],
  domainExists: [9, "domain exists"],
  domainClosed: [10, "domain takes no entries"],
  wrongStage: [11, "round is in another stage"],
  unknownRound: [12, "unknown round"],
  roundLimit: [13, "too many rounds are running"],
  roundFull: [14, "round is full"],
  invalidEntry: [15, "invalid entry"],
  alreadyCommitted: [16, "root or CID is already committed"],
  invalidParents: [17, "invalid parents"],
  bondLimit: [18, "bond exceeds what the submitter wants to pay"],
  unknownEntry: [19, "unknown entry"],
  notSubmitter: [20, "entry belongs to another account"],
  wrongStatus: [21, "entry is in another status"],
  invalidShard: [22, "invalid shard"],
  blockFull: [23, "no more bytes are taken in this block"],
  notVoter: [24, "only operators of bonded validators"],
  alreadyVoted: [25, "already voted"],
  unknownVote: [26, "no such vote"],
  invalidVote: [27, "invalid vote"],
  invalidProof: [28, "malformed proof"],
  unknownHoldout: [29, "unknown holdout set"],
  invalidHoldout: [30, "invalid holdout set"],
  holdoutLimit: [31, "too many holdout sets are waiting"],
  submitterLimit: [32, "too many entries of one submitter"],
} as const;

/** Constructors of the registry's errors, codespace `experience`. */
export const experienceError = bindErrors("experience", EXPERIENCE_ERRORS);
