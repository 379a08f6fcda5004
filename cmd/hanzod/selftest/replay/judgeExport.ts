// The state that a chain ends with, as its genesis export shows it, against the recorded export: field by field.
import type { App } from "../../../../app/runtime/app.ts";
import { requireGenesis } from "../recording/chainFacts.ts";
import { sdkModuleNames } from "../recording/recordedChain.ts";
import type { Recording } from "../recording/recording.ts";
import type { SectionReport } from "../recording/report.ts";
import { differs, failed, SAME, unlike, type Verdict } from "../recording/verdict.ts";
import { unlikeNumbers } from "./numberRows.ts";
import { type ReplayedChain, updatesText } from "./replayedChain.ts";

/** What InitChain gave CometBFT: the validators that the chain begins with. */
export function judgeBeginning({ genesis: { validators } }: ReplayedChain, { genesis }: Recording): SectionReport | undefined {
  const recorded = genesis?.validators_after_init_chain;
  if (recorded === undefined) return undefined;
  const expected = recorded.map(({ pub_key, power }) => `${Buffer.from(pub_key, "base64").toString("hex")} ${power}`);
  const reason = unlike("validators", [...expected].sort(), [...updatesText(validators)].sort());
  const verdict = reason === undefined ? SAME : sdkModuleNames.has("staking") ? failed(reason) : differs("absentModules");
  return { title: "InitChain", verdicts: [{ name: "validators after InitChain", verdict }] };
}

/** Every field of every module's exported state. */
export function judgeExport(app: App, recording: Recording): SectionReport {
  const { exported } = requireGenesis(recording);
  const own = app.exportGenesis();
  const verdicts: { name: string; verdict: Verdict }[] = [];
  for (const [module, state] of Object.entries(exported.app_state)) {
    if (state === null) continue;
    for (const [field, value] of Object.entries(state)) {
      const mine = sdkModuleNames.has(module) ? (own[module] as Readonly<Record<string, unknown>>) : undefined;
      const reason = mine === undefined ? undefined : unlikeNumbers(value, mine[field], field);
      const verdict = mine === undefined ? differs("absentModules") : reason === undefined ? SAME : failed(reason);
      verdicts.push({ name: `${module}.${field}`, verdict });
    }
  }
  return { title: "exported genesis", verdicts };
}
