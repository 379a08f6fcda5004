// In which cases, and how, this program's mempool may judge a transaction otherwise than the recorded one.
import { AuthInfo, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import type { ResponseCheckTx } from "#proto/tendermint/abci/types";
import { fromHex } from "../../../../app/encoding/bytes.ts";
import type { DifferenceName } from "./differences.ts";
import { anyText, hasRawBytes, sameButAddresses, sameFrame, type TextRule } from "./errorText.ts";
import { sdkModuleNames } from "./recordedChain.ts";
import type { JudgedCheck } from "./recording.ts";
import { foreignMessages } from "./scope.ts";
import type { Rule } from "./verdict.ts";

/** What is expected of a verdict. */
export interface CheckExpectation {
  /** Codes of which one must be given instead of the recorded one. */
  readonly codes?: readonly number[];
  readonly log?: TextRule;
}

type CheckRule = Rule<JudgedCheck, CheckExpectation>;

/** Codes of codespace sdk. */
const CODE = {
  txDecode: 2,
  unauthorized: 4,
  invalidAddress: 7,
  invalidCoins: 10,
  outOfGas: 11,
  invalidRequest: 18,
  notFound: 38,
  panic: 111_222,
};
const SIGN_MODE_TEXTUAL = 2;

const simply = (difference: DifferenceName, matches: (one: JudgedCheck) => boolean, expected: CheckExpectation): CheckRule => ({
  difference,
  matches,
  expected: () => expected,
});

/**
 * The rules for one verdict.
 * @param log of the own answer: bytes with several readings are told by what the strict decoder says of them
 */
export function checkTxRules({ log }: Pick<ResponseCheckTx, "log">): readonly CheckRule[] {
  return [
    simply("absentMessages", ({ tx, code }) => code !== CODE.txDecode && foreignMessages(fromHex(tx)).length > 0, {
      codes: [CODE.txDecode],
    }),
    simply("cosmjsAmino", ({ name }) => name.startsWith("amino as cosmjs signs it"), { codes: [0], log: anyText }),
    simply("absentModules", ({ codespace }) => codespace === "feegrant" && !sdkModuleNames.has("feegrant"), { codes: [CODE.notFound] }),
    simply("cosmjsAmino", ({ name }) => name.startsWith("amino as cosmjs signs it"), { codes: [0], log: anyText }),
    simply("strictAmounts", ({ code }) => code === 0 && /canonical|decimal/.test(log), { codes: [CODE.txDecode] }),
    simply("strictBytes", ({ code }) => code !== CODE.txDecode && /twice|more than once|again|minimal|short as possible|UTF-8/.test(log), {
      codes: [CODE.txDecode],
    }),
    simply("messagesChecked", ({ code }) => code === 0, { codes: [CODE.invalidAddress, CODE.invalidCoins, CODE.invalidRequest] }),
    simply("recoveredPanic", ({ code }) => code === CODE.panic, { codes: [CODE.invalidAddress, CODE.invalidRequest] }),
    simply("textualMode", ({ tx }) => modesOf(tx).includes(SIGN_MODE_TEXTUAL), { codes: [CODE.unauthorized] }),
    simply("addressText", ({ log: recorded = "" }) => hasRawBytes(recorded), { log: sameButAddresses }),
    simply("ownFigures", ({ code }) => code === CODE.outOfGas, { log: (recorded, mine) => figures(recorded) === figures(mine) }),
    simply("decodingText", ({ code }) => code === CODE.txDecode, { log: sameFrame }),
    simply("libraryText", ({ code }) => code === CODE.txDecode, { log: anyText }),
  ];
}

function modesOf(hex: string): readonly number[] {
  try {
    return AuthInfo.decode(TxRaw.decode(fromHex(hex)).authInfoBytes).signerInfos.map(({ modeInfo }) => modeInfo?.single?.mode ?? 0);
  } catch {
    return [];
  }
}

/** A text about gas without the place where it ran out and how much there was by then. */
function figures(text: string): string {
  return text.replace(/location: [^;]+/, "location: …").replace(/gasUsed: \d+/, "gasUsed: …");
}
