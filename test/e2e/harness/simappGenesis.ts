// The genesis of a chain like the Cosmos SDK's example application, as client libraries test against it.

/** What such a chain begins with. */
export interface SimappFacts {
  readonly chainId: string;
  /** Accounts in the order of their numbers; each owns 1000 COSM and 2000 STAKE. The first one is to operate the validator. */
  readonly addresses: readonly string[];
  /** How long a proposal can be voted on, in seconds. */
  readonly votingSeconds: number;
}

/** Denomination of fees and that of stake, and how much of each an account owns. */
export const SIMAPP = { fee: "ucosm", stake: "ustake", feeBalance: "1000000000", stakeBalance: "2000000000" } as const;

const VALIDATING = {
  slashing: {
    params: {
      signed_blocks_window: "100",
      min_signed_per_window: "0.500000000000000000",
      downtime_jail_duration: "600s",
      slash_fraction_double_sign: "0.050000000000000000",
      slash_fraction_downtime: "0.010000000000000000",
    },
  },
  staking: {
    params: {
      unbonding_time: "1814400s",
      max_validators: 100,
      max_entries: 7,
      historical_entries: 10000,
      bond_denom: SIMAPP.stake,
      min_commission_rate: "0.000000000000000000",
    },
  },
  distribution: {
    params: {
      community_tax: "0.020000000000000000",
      base_proposer_reward: "0.000000000000000000",
      bonus_proposer_reward: "0.000000000000000000",
      withdraw_addr_enabled: true,
    },
  },
  mint: {
    minter: { inflation: "0.130000000000000000", annual_provisions: "0.000000000000000000" },
    params: {
      mint_denom: SIMAPP.stake,
      inflation_rate_change: "0.130000000000000000",
      inflation_max: "0.200000000000000000",
      inflation_min: "0.070000000000000000",
      goal_bonded: "0.670000000000000000",
      blocks_per_year: "6311520",
    },
  },
};

/** A genesis document in the SDK's own form, without validators: their transactions are collected into it. */
export function simappGenesis({ chainId, addresses, votingSeconds }: SimappFacts): object {
  const coins = [
    { denom: SIMAPP.fee, amount: SIMAPP.feeBalance },
    { denom: SIMAPP.stake, amount: SIMAPP.stakeBalance },
  ];
  return {
    app_name: "simd",
    genesis_time: new Date().toISOString(),
    chain_id: chainId,
    initial_height: 1,
    consensus: {
      params: {
        block: { max_bytes: "22020096", max_gas: "-1" },
        evidence: { max_age_num_blocks: "100000", max_age_duration: "172800000000000", max_bytes: "1048576" },
        validator: { pub_key_types: ["ed25519"] },
        version: { app: "0" },
        abci: { vote_extensions_enable_height: "0" },
      },
    },
    app_state: {
      auth: {
        accounts: addresses.map((address, number) => ({
          "@type": "/cosmos.auth.v1beta1.BaseAccount",
          address,
          pub_key: null,
          account_number: String(number),
          sequence: "0",
        })),
      },
      bank: {
        balances: addresses.map((address) => ({ address, coins })),
        // Without name and symbol, as in the genesis files of cosmjs: a node of the SDK asks for neither.
        denom_metadata: [
          {
            description: "The fee token of this test chain",
            base: SIMAPP.fee,
            display: "COSM",
            denom_units: [
              { denom: SIMAPP.fee, exponent: 0, aliases: [] },
              { denom: "COSM", exponent: 6, aliases: [] },
            ],
          },
        ],
      },
      gov: govGenesis(votingSeconds),
      ...VALIDATING,
      genutil: { gen_txs: [] },
      circuit: { account_permissions: [], disabled_type_urls: [] },
      upgrade: {},
      vesting: {},
      runtime: null,
    },
  };
}

function govGenesis(votingSeconds: number): object {
  return {
    starting_proposal_id: "1",
    params: {
      min_deposit: [{ denom: SIMAPP.stake, amount: "10000000" }],
      max_deposit_period: "172800s",
      voting_period: `${votingSeconds}s`,
      quorum: "0.334000000000000000",
      threshold: "0.500000000000000000",
      veto_threshold: "0.334000000000000000",
      min_initial_deposit_ratio: "0.000000000000000000",
      proposal_cancel_ratio: "0.500000000000000000",
      proposal_cancel_dest: "",
      expedited_voting_period: `${Math.ceil(votingSeconds / 2)}s`,
      expedited_threshold: "0.667000000000000000",
      expedited_min_deposit: [{ denom: SIMAPP.stake, amount: "50000000" }],
      burn_vote_quorum: false,
      burn_proposal_deposit_prevote: false,
      burn_vote_veto: true,
      min_deposit_ratio: "0.010000000000000000",
    },
  };
}
