// What an operator's or somebody else's files say: settings, genesis, keys.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHAIN, LOCAL_CHAIN_ID } from "../../../app/hanzo.ts";
import { DEFAULT_APP_CONFIG, readAppConfig, writeAppConfig } from "../../../cmd/hanzod/config/appConfig.ts";
import { createChainGenesis } from "../../../cmd/hanzod/genesis/chainGenesis.ts";
import { localOperator } from "../../../cmd/hanzod/genesis/founder.ts";
import { LOCAL_MNEMONIC } from "../../../cmd/hanzod/genesis/localAccounts.ts";
import { findInitialHeight, requireValidGenesis } from "../../../cmd/hanzod/genesis/requireValidGenesis.ts";
import { openKeyring } from "../../../cmd/hanzod/keyring/keyring.ts";
import { homeLayout } from "../../../cmd/hanzod/node/home.ts";
import { NodeError } from "../../../cmd/hanzod/node/nodeError.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";
import { type FuzzTarget, isAccepted } from "../target.ts";

const home = homeLayout(mkdtempSync(join(tmpdir(), "hz-fuzz-")));
process.once("exit", () => rmSync(home.root, { recursive: true, force: true }));
mkdirSync(home.config.dir);
writeAppConfig(home, DEFAULT_APP_CONFIG);

const settings: FuzzTarget = {
  name: "appToml",
  share: 30,
  seeds: [new Uint8Array(readFileSync(home.config.app))],
  run(bytes) {
    writeFileSync(home.config.app, bytes);
    isAccepted(() => readAppConfig(home), CliError);
  },
};

const genesisText = JSON.stringify(
  createChainGenesis({
    chainId: LOCAL_CHAIN_ID,
    genesisTime: "2026-01-02T03:04:05Z",
    founders: [{ moniker: "v", publicKey: new Uint8Array(32).fill(7), operator: await localOperator(0), memo: "" }],
    accounts: [{ address: "hanzo1erxf3sa9q2j4vgseu7jq4a258ckmk7cypg446c", coins: [{ denom: CHAIN.baseDenom, amount: "1000" }] }],
  }),
);
const genesis: FuzzTarget = {
  name: "genesis",
  share: 2,
  seeds: [new Uint8Array(Buffer.from(genesisText))],
  async run(bytes) {
    writeFileSync(home.config.genesis, bytes);
    assert.ok((await findInitialHeight(home.config.genesis)) >= 1n);
    await requireValidGenesis(home.config.genesis).catch((cause: unknown) => {
      if (!(cause instanceof NodeError)) throw cause;
      assert.doesNotMatch(cause.message, /undefined|is not a function|Cannot read|not iterable/, "a refusal in words for operators");
    });
  },
};

const keyring = openKeyring(home.root, "test");
await keyring.add("seed", LOCAL_MNEMONIC, "");
const keyFile = join(home.root, "keyring-test", "seed.json");
const plain = new Uint8Array(readFileSync(keyFile));
const sealedText = JSON.stringify({
  ...(JSON.parse(Buffer.from(plain).toString()) as object),
  mnemonic: undefined,
  sealed: {
    kdf: "scrypt",
    cost: 2,
    blockSize: 8,
    parallelism: 1,
    salt: "00",
    cipher: "xchacha20-poly1305",
    nonce: "00".repeat(24),
    text: "00".repeat(40),
  },
});
const keys: FuzzTarget = {
  name: "keyFiles",
  share: 20,
  seeds: [plain, new Uint8Array(Buffer.from(sealedText))],
  run(bytes) {
    // What scrypt would need minutes for is another matter: only small costs are tried here.
    if (/"cost":\s*\d{4}/.test(Buffer.from(bytes).toString("latin1"))) return;
    writeFileSync(keyFile, bytes);
    isAccepted(() => keyring.list(), CliError);
    isAccepted(() => assert.equal(typeof keyring.phrase("seed", "passphrase"), "string"), CliError);
  },
};

/** Targets of this file. */
export const fileTargets: readonly FuzzTarget[] = [settings, genesis, keys];
