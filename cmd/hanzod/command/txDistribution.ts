import { Command } from "commander";
import { QueryDelegatorValidatorsRequest, QueryDelegatorValidatorsResponse } from "#proto/cosmos/distribution/v1beta1/query";
import { MsgWithdrawDelegatorReward, MsgWithdrawValidatorCommission } from "#proto/cosmos/distribution/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import { createAddressCodec, encodeMessage, explainAddress } from "../../../app/sdk/index.ts";
import { CliError } from "../../shared/cliError.ts";
import { commandChain } from "../config/commandChain.ts";
import { sendMessages } from "../tx/sendMessage.ts";
import { type SendOptions, sceneOf, withTxOptions } from "./sendOptions.ts";

const withdrawal = (delegatorAddress: string, validatorAddress: string): Any => ({
  typeUrl: `/${MsgWithdrawDelegatorReward.$type}`,
  value: encodeMessage(MsgWithdrawDelegatorReward, { delegatorAddress, validatorAddress }),
});

/** `hanzod tx distribution withdraw-rewards VALIDATOR [--commission]`. */
export function withdrawRewardsCommand(): Command {
  return withTxOptions(new Command("withdraw-rewards").alias("withdraw-delegator-reward"))
    .description("pay out what the sender's stake on a validator has earned")
    .argument("<validator>", "operator address of the validator")
    .option("--commission", "pay out the commission, too, when the sender is the operator")
    .action(async (validator: string, options: SendOptions & { readonly commission?: boolean }) => {
      const reason = explainAddress(createAddressCodec(commandChain().bech32Prefix).operator, validator);
      if (reason !== undefined) throw new CliError(`${validator} is no validator`, { why: reason, next: "hanzod q staking validators" });
      const scene = await sceneOf(options);
      const commission: Any = {
        typeUrl: `/${MsgWithdrawValidatorCommission.$type}`,
        value: encodeMessage(MsgWithdrawValidatorCommission, { validatorAddress: validator }),
      };
      const messages = [withdrawal(scene.sender.address, validator), ...(options.commission === true ? [commission] : [])];
      await sendMessages(scene, messages, options);
    });
}

/** `hanzod tx distribution withdraw-all-rewards`: one transaction for all validators that the sender staked on. */
export function withdrawAllRewardsCommand(): Command {
  return withTxOptions(new Command("withdraw-all-rewards"))
    .description("pay out what the sender's stake has earned on all validators, in one transaction")
    .action(async (options: SendOptions) => {
      if (options.offline === true)
        throw new CliError("nobody offline knows where the sender has staked", {
          why: "the validators are asked of a node",
          next: "with --generate-only the transaction is written unsigned, to be signed elsewhere",
        });
      const scene = await sceneOf(options);
      const { address: delegatorAddress } = scene.sender;
      const request = QueryDelegatorValidatorsRequest.encode({ delegatorAddress }).finish();
      const { value } = await scene.client.query("/cosmos.distribution.v1beta1.Query/DelegatorValidators", request);
      const { validators } = QueryDelegatorValidatorsResponse.decode(value);
      if (validators.length === 0)
        throw new CliError(`${delegatorAddress} has staked on nobody`, {
          why: "there is nothing to withdraw",
          next: "hanzod tx staking delegate",
        });
      await sendMessages(
        scene,
        validators.map((validator) => withdrawal(delegatorAddress, validator)),
        options,
      );
    });
}
