import { GenesisState as ExperienceGenesis } from "#proto/hanzo/experience/v1/genesis";
import { GenesisState as HmmGenesis } from "#proto/hanzo/hmm/v1/genesis";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { CHAIN } from "../../../app/hanzo.ts";
import { createAddressCodec, moduleAddress } from "../../../app/sdk/index.ts";
import { localExperienceGenesis } from "../../../modules/experience/localGenesis.ts";
import { defaultHmmGenesis } from "../../../modules/hmm/localGenesis.ts";
import { type CoinText, sumCoins } from "../request/coinsText.ts";
import { FEE_DENOM_METADATA } from "./feeDenomMetadata.ts";
import { type Founder, founderAccount, founderTx } from "./founder.ts";

/** An account that the genesis file funds. */
export interface GenesisAccount {
  readonly address: string;
  readonly coins: readonly CoinText[];
}

/** What a new chain is made of. */
export interface ChainGenesisOptions {
  readonly chainId: string;
  /** RFC 3339 with Z. */
  readonly genesisTime: string;
  /** Its first validators; a chain without any cannot begin before their transactions are collected. */
  readonly founders: readonly Founder[];
  /** Besides those of the founders' operators, which come after. */
  readonly accounts: readonly GenesisAccount[];
}

/** Blocks of at most 4 MiB and 100 M gas; evidence counts for 48 hours. */
const CONSENSUS_PARAMS = {
  block: { max_bytes: "4194304", max_gas: "100000000" },
  evidence: { max_age_num_blocks: "100000", max_age_duration: "172800000000000", max_bytes: "1048576" },
  validator: { pub_key_types: ["ed25519"] },
  version: { app: "0" },
  abci: { vote_extensions_enable_height: "0" },
} as const;

/**
 * The genesis document of a chain with the five resource pools and one domain of experience open, in CometBFT's format with the modules' states as the SDK writes them.
 * Only what differs from the modules' defaults is in the file. CometBFT's own list of validators is empty: it takes those that the state names.
 */
export function createChainGenesis(options: ChainGenesisOptions): object {
  const address = createAddressCodec(CHAIN.bech32Prefix);
  const market = address.format(moduleAddress("hmm"));
  const { genesis: hmm, funding, sendEnabled, metadata } = defaultHmmGenesis({ account: market, nativeDenom: CHAIN.baseDenom });
  const accounts = [...options.accounts, ...options.founders.map(founderAccount)];
  const balances = [...accounts, { address: market, coins: funding }].map((account) => ({
    address: account.address,
    coins: sumCoins(account.coins),
  }));
  return {
    genesis_time: options.genesisTime,
    chain_id: options.chainId,
    initial_height: "1",
    consensus_params: CONSENSUS_PARAMS,
    validators: [],
    app_hash: "",
    app_state: {
      auth: { accounts: accounts.map((account) => baseAccount(account.address)) },
      bank: {
        params: { default_send_enabled: true },
        balances,
        supply: sumCoins(balances.flatMap(({ coins }) => coins)),
        denom_metadata: [...FEE_DENOM_METADATA, ...metadata],
        send_enabled: sendEnabled,
      },
      hmm: toProtoJson(descriptors(), HmmGenesis.$type, HmmGenesis.encode(hmm).finish()),
      experience: toProtoJson(
        descriptors(),
        ExperienceGenesis.$type,
        ExperienceGenesis.encode(ExperienceGenesis.fromPartial(localExperienceGenesis())).finish(),
      ),
      genutil: { gen_txs: options.founders.map((founder) => founderTx(founder, options.chainId)) },
    },
  };
}

/** An account that has signed nothing yet, as a genesis file holds it; accounts of equal numbers are numbered when the chain begins. */
export function baseAccount(
  address: string,
): Readonly<Record<"@type" | "address" | "account_number" | "sequence", string> & { pub_key: null }> {
  return { "@type": "/cosmos.auth.v1beta1.BaseAccount", address, pub_key: null, account_number: "0", sequence: "0" };
}
