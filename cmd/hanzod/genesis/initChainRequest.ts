import { RequestInitChain } from "#proto/tendermint/abci/types";
import { parseTimestamp } from "../../../app/encoding/timeText.ts";
import type { GenTxDocument } from "./genTxProblems.ts";

/** The parts of a genesis document that CometBFT reads itself, as `createChainGenesis` writes them. */
export interface GenesisDocument {
  readonly genesis_time: string;
  readonly chain_id: string;
  readonly initial_height: string;
  readonly consensus_params: {
    readonly block: { readonly max_bytes: string; readonly max_gas: string };
    readonly evidence: { readonly max_age_num_blocks: string; readonly max_age_duration: string; readonly max_bytes: string };
    readonly validator: { readonly pub_key_types: readonly string[] };
  };
  /** CometBFT's own list; empty where genesis transactions name the validators. */
  readonly validators?: readonly { readonly pub_key: { readonly value: string }; readonly power: string }[];
  readonly app_state: GenTxDocument["app_state"];
}

const NANOS = 1_000_000_000n;

/** What CometBFT would tell the state machine of a new chain. Validators have ed25519 keys. */
export function initChainRequest(genesis: GenesisDocument): RequestInitChain {
  const { block, evidence, validator } = genesis.consensus_params;
  const age = BigInt(evidence.max_age_duration);
  return RequestInitChain.fromPartial({
    time: parseTimestamp(genesis.genesis_time),
    chainId: genesis.chain_id,
    initialHeight: BigInt(genesis.initial_height),
    consensusParams: {
      block: { maxBytes: BigInt(block.max_bytes), maxGas: BigInt(block.max_gas) },
      evidence: {
        maxAgeNumBlocks: BigInt(evidence.max_age_num_blocks),
        maxAgeDuration: { seconds: age / NANOS, nanos: Number(age % NANOS) },
        maxBytes: BigInt(evidence.max_bytes),
      },
      validator: { pubKeyTypes: [...validator.pub_key_types] },
      version: { app: 0n },
      abci: { voteExtensionsEnableHeight: 0n },
    },
    validators: (genesis.validators ?? []).map(({ pub_key, power }) => ({
      pubKey: { ed25519: new Uint8Array(Buffer.from(pub_key.value, "base64")) },
      power: BigInt(power),
    })),
    appStateBytes: new TextEncoder().encode(JSON.stringify(genesis.app_state)),
  });
}
