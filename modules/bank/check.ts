import type { MsgMultiSend, MsgSend, MsgSetSendEnabled } from "#proto/cosmos/bank/v1beta1/tx";
import {
  addCoins,
  type CheckEnv,
  type CoinAmount,
  equalCoins,
  explainAddressAsBefore,
  isDenom,
  requireAddress,
  requireCoins,
  sdkError,
} from "#sdk";
import type { BANK_ERRORS } from "./errors.ts";

type Env = CheckEnv<typeof BANK_ERRORS>;

/** Stateless checks of the bank's messages: in CheckTx, and again before each handler. */
export const bankChecks = {
  /** @throws sdk/7 bad address; sdk/10 bad coins */
  send({ fromAddress, toAddress, amount }: MsgSend, { address }: Env): void {
    requireAddress(address, fromAddress, "from");
    requireAddress(address, toAddress, "to");
    requireCoins(amount);
  },
  /** @throws bank/2, bank/9, bank/3, bank/4; sdk/7 bad address; sdk/10 bad coins */
  multiSend({ inputs, outputs }: MsgMultiSend, { address, err }: Env): void {
    const [input, ...more] = inputs;
    if (input === undefined) throw err.noInputs();
    if (more.length > 0) throw err.multipleSenders();
    if (outputs.length === 0) throw err.noOutputs();
    requireAddress(address, input.address, "input");
    const spent = requireCoins(input.coins);
    let received: readonly CoinAmount[] = [];
    for (const output of outputs) {
      const reason = explainAddressAsBefore(address, output.address);
      if (reason !== undefined) throw sdkError.invalidAddress(`invalid output address: ${reason}`);
      received = addCoins(received, requireCoins(output.coins));
    }
    if (!equalCoins(spent, received)) throw err.inputOutputMismatch();
  },
};

/** @throws sdk/18 for a denomination that is bad or comes twice */
export function checkSendEnabled({ sendEnabled, useDefaultFor }: MsgSetSendEnabled): void {
  const seen = new Set<string>();
  for (const { denom } of sendEnabled) {
    if (seen.has(denom)) throw sdkError.invalidRequest(`duplicate denom entries found for ${JSON.stringify(denom)}`);
    seen.add(denom);
    if (!isDenom(denom)) throw sdkError.invalidRequest(`invalid SendEnabled denom ${JSON.stringify(denom)}: invalid denom: ${denom}`);
  }
  for (const denom of useDefaultFor) {
    if (!isDenom(denom)) throw sdkError.invalidRequest(`invalid UseDefaultFor denom ${JSON.stringify(denom)}: invalid denom: ${denom}`);
  }
}
