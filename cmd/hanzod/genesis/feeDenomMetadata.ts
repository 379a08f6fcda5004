import { CHAIN } from "../../../app/hanzo.ts";

/** How wallets show the fee denomination, as the bank's genesis writes it. A denomination has at least three characters, so AI itself is its symbol. */
export const FEE_DENOM_METADATA = [
  {
    description: "Pays for transactions and compute on Hanzo Network",
    denom_units: [
      { denom: CHAIN.baseDenom, exponent: 0, aliases: [] },
      { denom: "hanzo/AI", exponent: 18, aliases: ["AI"] },
    ],
    base: CHAIN.baseDenom,
    display: "hanzo/AI",
    name: "Hanzo AI",
    symbol: "AI",
    uri: "",
    uri_hash: "",
  },
] as const;
