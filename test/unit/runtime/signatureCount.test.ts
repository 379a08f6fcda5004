import { test } from "node:test";
import type { AnteRun } from "../../../app/runtime/ante/anteRun.ts";
import { checkSignatureCount } from "../../../app/runtime/ante/signatureCount.ts";
import type { AccountKey } from "../../../app/runtime/pubKey.ts";
import { refused } from "../../harness/refused.ts";

const single: AccountKey = { kind: "secp256k1", bytes: new Uint8Array(33) };
const several: AccountKey = { kind: "multisig", threshold: 1, members: [single, single, single] };

/** A run of a transaction with keys, of accounts that are known by three keys each. */
const run = (keys: readonly (AccountKey | undefined)[], txSigLimit: bigint): AnteRun =>
  ({
    mode: "deliver",
    params: { txSigLimit },
    tx: { keys: keys.map((key) => (key === undefined ? undefined : { key })), facts: () => ({ lacksMode: false }) },
    signers: keys.map(() => ({ key: several })),
  }) as unknown as AnteRun;

test("keys are counted member by member where they stand in the transaction; keys that accounts are known by are not", () => {
  checkSignatureCount(run([several, single], 4n));
  refused(
    () => checkSignatureCount(run([several, single], 3n)),
    "sdk/14",
    /^signatures: 4, limit: 3: maximum number of signatures exceeded$/,
  );
  checkSignatureCount(run([undefined, undefined], 3n));
  checkSignatureCount(run([undefined, several], 3n));
});
