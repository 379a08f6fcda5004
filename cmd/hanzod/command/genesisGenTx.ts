import { mkdirSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { CHAIN } from "../../../app/hanzo.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { toJson } from "../../shared/output.ts";
import { chainOfHome } from "../config/chainOf.ts";
import { commandChain } from "../config/commandChain.ts";
import { type GenTxDraft, peerMemo, signGenTx, unsignedGenTx } from "../genesis/genTx.ts";
import { bondDenomOf, conflicts, type GenTxDocument } from "../genesis/genTxProblems.ts";
import { readGenTx } from "../genesis/readGenTx.ts";
import { consensusKeyJson, createValidatorMessage } from "../genesis/validatorTerms.ts";
import { getCometListener, getCometSetting, readCometIdentity } from "../node/cometConfig.ts";
import type { Home } from "../node/home.ts";
import { parseCoinsText, parseCoinText } from "../request/coinsText.ts";
import { findSender } from "../tx/sender.ts";
import { compactJson, writeDocument } from "../tx/txFile.ts";
import { parseSignMode, parseWholeNumber } from "../tx/txOptions.ts";
import { readGenesis, requireNotBegun, requireValid } from "./genesisFile.ts";
import { type KeyringOptions, keyringOf, passphraseOf, withKeyringOptions } from "./keyringOptions.ts";
import { homeOf, outputOf, parsePort } from "./options.ts";
import { type ValidatorOptions, withValidatorOptions } from "./validatorOptions.ts";

type GenTxOptions = KeyringOptions &
  ValidatorOptions & {
    readonly nodeId?: string;
    readonly ip?: string;
    readonly p2pPort?: number;
    readonly chainId?: string;
    readonly signMode?: GenTxDraft["mode"];
    readonly gas?: bigint;
    readonly fees?: string;
    readonly generateOnly?: boolean;
    readonly outputDocument?: string;
  };

/** `hanzod genesis gentx`: the transaction with which a validator enters a genesis file. */
export function genTxCommand(): Command {
  return withValidatorOptions(withKeyringOptions(new Command("gentx")))
    .description("write the transaction with which this node becomes a validator of a chain that has not begun")
    .argument("<key>", "operator's key, by name or address: its account has the stake in the genesis file")
    .argument("<amount>", `stake, such as ${10n * CHAIN.powerReduction}${CHAIN.baseDenom}`)
    .option("--node-id <id>", "id of the node among its peers (default: this home's)")
    .option("--ip <host>", "where peers reach the node (default: external_address of config.toml, else this machine's address)")
    .option("--p2p-port <port>", "port for peers (default: that of config.toml)", parsePort)
    .option("--chain-id <id>", "must be the genesis file's; for scripts")
    .option("--sign-mode <mode>", "direct or amino-json (default: direct)", parseSignMode)
    .option("--gas <limit>", "gas limit that the transaction names; in genesis none counts", parseWholeNumber)
    .option("--fees <coins>", "fee, taken when the chain begins (default: none)")
    .option("--generate-only", "write the transaction unsigned")
    .option("--output-document <file>", "write it here (default: config/gentx/gentx-<node id>.json)")
    .action(runGenTx);
}

async function runGenTx(name: string, amount: string, options: GenTxOptions): Promise<void> {
  const home = homeOf(options);
  requireNotBegun(home);
  const text = await readGenesis(home.config.genesis);
  await requireValid(home.config.genesis, text, outputOf(options), { draft: true, chain: chainOfHome(home) });
  const document = JSON.parse(text) as GenTxDocument;
  if (options.chainId !== undefined && options.chainId !== document.chain_id)
    throw new CliError(`${home.config.genesis} is that of ${document.chain_id}`, { why: `--chain-id says ${options.chainId}` });
  const keyring = keyringOf(options);
  const { address, key, publicKey } = findSender(keyring, name);
  const identity = await readCometIdentity(home);
  const nodeId = options.nodeId ?? identity.nodeId;
  const draft: GenTxDraft = {
    chainId: document.chain_id,
    message: createValidatorMessage(
      {
        ...options,
        pubkey: options.pubkey ?? consensusKeyJson(identity.validatorPublicKey),
        amount: stakeOf(amount, document),
        moniker: options.moniker ?? (await getCometSetting(home, "moniker")),
      },
      address,
    ),
    memo: peerMemo(nodeId, options.ip ?? (await ownHost(home)), options.p2pPort ?? (await getCometListener(home, "p2p.laddr")).port),
    ...(options.gas === undefined ? {} : { gas: options.gas }),
    ...(options.fees === undefined ? {} : { fee: parseCoinsText(options.fees) }),
    ...(options.signMode === undefined ? {} : { mode: options.signMode }),
  };
  if (options.generateOnly === true || key === undefined || publicKey === undefined || keyring.show(key).type !== "local") {
    writeDocument(toJson(unsignedGenTx(draft)), options.outputDocument);
    process.stderr.write("not signed; next: hanzod tx sign FILE --offline --account-number 0 --sequence 0 --chain-id …\n");
    return;
  }
  const signed = signGenTx(draft, { address, publicKey, sign: await keyring.signer(key, passphraseOf(options)) });
  requireAcceptable(signed, document);
  const path = options.outputDocument ?? join(genTxFolder(home), `gentx-${nodeId}.json`);
  writeNew(path, signed, home);
  outputOf(options).result({ path, address, nodeId }, `wrote ${path}\n  next: give it to whoever runs hanzod genesis collect`);
}

/** Where `genesis collect` finds the transactions. */
export function genTxFolder(home: Home): string {
  return join(home.config.dir, "gentx");
}

/** @throws CliError for another denomination, or less than a voting power of 1 */
function stakeOf(text: string, document: GenTxDocument) {
  const coin = parseCoinText(text);
  const denom = bondDenomOf(document);
  if (coin.denom !== denom || BigInt(coin.amount) < commandChain().powerReduction)
    throw new CliError(`${text} is no stake`, {
      why: `at least ${commandChain().powerReduction}${denom} is expected: a voting power of 1`,
    });
  return coin;
}

/** @throws CliError naming what the chain would find wrong */
function requireAcceptable(json: unknown, document: GenTxDocument): void {
  try {
    const wrong = conflicts(readGenTx(json, document.chain_id), [], document);
    if (wrong.length > 0) throw new Error(wrong.map(({ detail }) => detail.slice(1)).join("; "));
  } catch (cause) {
    throw new CliError("the chain would not begin with this transaction; nothing was written", {
      why: reasonOf(cause),
      next: "hanzod genesis add-account KEY COINS gives an account its stake",
      cause,
    });
  }
}

/** @throws CliError when the file is there already */
function writeNew(path: string, json: unknown, home: Home): void {
  try {
    mkdirSync(genTxFolder(home), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${compactJson(json)}\n`, { flag: "wx", mode: 0o644 });
  } catch (cause) {
    throw new CliError(`cannot write ${path}`, { why: reasonOf(cause), next: "move the file away, or give --output-document", cause });
  }
}

/** Where peers reach this machine: what config.toml tells them, else its first address that is not its own alone. */
async function ownHost(home: Home): Promise<string> {
  const external = /^(?:tcp:\/\/)?(.+):\d+$/.exec(await getCometSetting(home, "p2p.external_address"))?.[1];
  if (external !== undefined) return external.replace(/^\[(.*)\]$/, "$1");
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ internal, family }) => !internal && family === "IPv4")?.address ?? "127.0.0.1";
}
