import type { Metadata } from "#proto/cosmos/bank/v1beta1/bank";
import type { ChainFacts } from "./chainFacts.ts";
import { chainNames } from "./chainNames.ts";
import { gasPriceSteps } from "./gasPriceSteps.ts";

/** What `window.keplr.experimentalSuggestChain` takes; Leap and Cosmostation take the same. */
export function keplrChainInfo(facts: ChainFacts): object {
  const { chainId, rpc, rest, bech32Prefix: prefix, coinType, denoms, feeDenom } = facts;
  const currencies = denoms.map(currencyOf);
  const fee = currencies.find(({ coinMinimalDenom }) => coinMinimalDenom === feeDenom) ?? {
    coinDenom: feeDenom,
    coinMinimalDenom: feeDenom,
    coinDecimals: 0,
  };
  return {
    chainId,
    chainName: chainNames(chainId).prettyName,
    rpc,
    rest,
    bip44: { coinType },
    bech32Config: {
      bech32PrefixAccAddr: prefix,
      bech32PrefixAccPub: `${prefix}pub`,
      bech32PrefixValAddr: `${prefix}valoper`,
      bech32PrefixValPub: `${prefix}valoperpub`,
      bech32PrefixConsAddr: `${prefix}valcons`,
      bech32PrefixConsPub: `${prefix}valconspub`,
    },
    currencies: currencies.length === 0 ? [fee] : currencies,
    feeCurrencies: [{ ...fee, gasPriceStep: gasPriceSteps(facts.minGasPrice) }],
    stakeCurrency: fee,
    features: [],
  };
}

/** A denomination as wallets show it. */
export interface Currency {
  readonly coinDenom: string;
  readonly coinMinimalDenom: string;
  readonly coinDecimals: number;
}

/** What the bank says of a denomination, as wallets call it: `display` with its decimals. */
export function currencyOf({ base, display, symbol, denomUnits: units }: Metadata): Currency {
  return {
    coinDenom: symbol === "" ? display : symbol,
    coinMinimalDenom: base,
    coinDecimals: units.find(({ denom }) => denom === display)?.exponent ?? 0,
  };
}
