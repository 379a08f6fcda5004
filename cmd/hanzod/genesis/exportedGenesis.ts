import { createHash } from "node:crypto";
import { formatTimestamp } from "../../../app/encoding/timeText.ts";
import type { ChainExport } from "../../../app/runtime/exportChain.ts";
import { toTimestamp } from "../../../app/sdk/time.ts";
import { CliError } from "../../shared/cliError.ts";

const NANOS = 1_000_000_000n;

/**
 * The genesis document of a chain that goes on where an export ends. Its first block is the one after the exported height, so that every
 * height in the state keeps its meaning, or that of height 1 for an export that was prepared for it.
 * @throws CliError when the state names a validator key that CometBFT's genesis cannot
 */
export function exportedGenesis(exported: ChainExport): object {
  const { chainId, initialHeight, timeNs, consensusParams, validators, appState } = exported;
  if (consensusParams === undefined) throw new CliError("the state has no consensus parameters", { why: "the chain has made no block" });
  const { block, evidence, validator, version, abci } = consensusParams;
  const age = evidence?.maxAgeDuration;
  return {
    genesis_time: formatTimestamp(toTimestamp(timeNs), "groups"),
    chain_id: chainId,
    initial_height: initialHeight.toString(),
    consensus_params: {
      block: { max_bytes: String(block?.maxBytes ?? 0n), max_gas: String(block?.maxGas ?? 0n) },
      evidence: {
        max_age_num_blocks: String(evidence?.maxAgeNumBlocks ?? 0n),
        max_age_duration: String((age?.seconds ?? 0n) * NANOS + BigInt(age?.nanos ?? 0)),
        max_bytes: String(evidence?.maxBytes ?? 0n),
      },
      validator: { pub_key_types: validator?.pubKeyTypes ?? [] },
      version: { app: String(version?.app ?? 0n) },
      abci: { vote_extensions_enable_height: String(abci?.voteExtensionsEnableHeight ?? 0n) },
    },
    validators: [...validators].map(([name, power]) => genesisValidator(name, power)),
    app_hash: "",
    app_state: appState,
  };
}

/** @param name `<key type>/<hex>` */
function genesisValidator(name: string, power: bigint): object {
  const [type, hex = ""] = name.split("/");
  if (type !== "ed25519") throw new CliError(`validator key ${name} cannot stand in a genesis file`, { why: "ed25519 keys are expected" });
  const key = Buffer.from(hex, "hex");
  return {
    address: createHash("sha256").update(key).digest("hex").slice(0, 40).toUpperCase(),
    pub_key: { type: "tendermint/PubKeyEd25519", value: key.toString("base64") },
    power: power.toString(),
    name: "",
  };
}
