import assert from "node:assert/strict";
import { test } from "node:test";
import { CommitInfo } from "#proto/tendermint/abci/types";
import { BlockIDFlag } from "#proto/tendermint/types/validator";
import { createCommitReader } from "../../../app/runtime/lastCommit.ts";

const ABSENT = BlockIDFlag.BLOCK_ID_FLAG_ABSENT as number;
const COMMIT = BlockIDFlag.BLOCK_ID_FLAG_COMMIT as number;
type Plain = readonly [name: number, power: bigint, flag?: number];

/** In arrays of its own, as each request comes. */
const commitOf = (...votes: readonly Plain[]): CommitInfo =>
  CommitInfo.fromPartial({
    round: 0,
    votes: votes.map(([name, power, blockIdFlag = COMMIT]) => ({
      validator: { address: new Uint8Array(20).fill(name), power },
      blockIdFlag: blockIdFlag as BlockIDFlag,
    })),
  });

const plain = (votes: ReturnType<ReturnType<typeof createCommitReader>>): readonly Plain[] =>
  votes.map(({ address, power, flag }) => [address[0] ?? 0, power, flag]);

test("a commit is read as it came, whatever came before", () => {
  const read = createCommitReader();
  const commits: readonly (readonly Plain[])[] = [
    [],
    [[1, 5n, COMMIT]],
    [[1, 6n, COMMIT]],
    [[1, 6n, ABSENT]],
    [[2, 6n, ABSENT]],
    [
      [2, 6n, ABSENT],
      [1, 6n, COMMIT],
    ],
    [
      [1, 6n, COMMIT],
      [2, 6n, ABSENT],
    ],
    [[1, 6n, COMMIT]],
    [],
  ];
  for (const votes of commits) assert.deepEqual(plain(read(commitOf(...votes))), votes);
  assert.deepEqual(read(undefined), []);
  assert.deepEqual(read(CommitInfo.fromPartial({ votes: [{ blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_ABSENT }] })), [
    { address: new Uint8Array(0), power: 0n, flag: ABSENT },
  ]);
});

test("a commit like the one before is the same list, and of another one votes like those before are the same objects", () => {
  const read = createCommitReader();
  const first = read(commitOf([1, 5n], [2, 4n]));
  assert.equal(read(commitOf([1, 5n], [2, 4n])), first);
  const second = read(commitOf([1, 5n], [2, 4n, ABSENT]));
  assert.notEqual(second, first);
  assert.equal(second[0], first[0]);
  assert.notEqual(second[1], first[1]);
});
