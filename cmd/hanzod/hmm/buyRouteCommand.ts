import { Command } from "commander";
import { MsgRouteBundle } from "#proto/hanzo/hmm/v1/tx";
import { routeMessage } from "../../../app/client/route.ts";
import { CliError } from "../../shared/cliError.ts";
import { type SendOptions, sceneOf, withTxOptions } from "../command/sendOptions.ts";
import { formatCredit } from "./amountFormat.ts";
import { sameNode } from "./market.ts";
import { loadRoute } from "./routeFile.ts";
import { findEvent, sendAndWait } from "./sendAndWait.ts";
import { parsePartText } from "./slaText.ts";

type BuyRouteOptions = SendOptions & { readonly slippage: string; readonly owner?: string };

/** `hanzod hmm buy-route route.json --from alice`. */
export function buyRouteCommand(): Command {
  return withTxOptions(new Command("buy-route").argument("<file>", "route that hanzod hmm route --save made"))
    .description("buy a saved route: all its legs or none")
    .option("--slippage <part>", "by how much it may cost more than quoted", "0.5%")
    .option("--owner <address>", "account that pays, if it allowed the sender to route for it")
    .action(async (file: string, options: BuyRouteOptions) => {
      const { chainId, bundle, route } = loadRoute(file);
      const slippagePpm = parsePartText(options.slippage, "--slippage");
      const scene = await sceneOf(options);
      requireChain(await scene.client.chainId(), chainId, file);
      const message = routeMessage(bundle, route, {
        sender: scene.sender.address,
        slippagePpm,
        ...(options.owner === undefined ? {} : { owner: options.owner }),
      });
      const value = MsgRouteBundle.encode(message).finish();
      const sent = await sendAndWait(scene, { typeUrl: `/${MsgRouteBundle.$type}`, value }, options).catch(moved);
      if (sent === undefined) return;
      const routed = findEvent(sent, "hanzo.hmm.v1.EventBundleRouted");
      const cost = BigInt(routed?.get("cost") ?? "0");
      const gapPpm = routed?.get("gap_ppm") ?? "";
      const lines = [
        `bought    ${message.legs.length} ${message.legs.length === 1 ? "leg" : "legs"} for ${formatCredit(cost)} (quoted ${formatCredit(BigInt(route.cost))}, at most ${formatCredit(BigInt(message.maxCost))})`,
        `tx        ${sent.txhash}   height ${sent.height}   gas ${sent.gasUsed}`,
        ...(gapPpm === "" ? [] : [`proof     the chain checked that no route costs less by more than ${gapPpm} ppm`]),
        `  next: hanzod q bank balances ${options.owner ?? scene.sender.address}${sameNode(options)}`,
      ];
      const { txhash, height, gasUsed } = sent;
      const figures = { cost, quoted: route.cost, maxCost: message.maxCost, gapPpm, legs: message.legs };
      scene.output.result({ txhash, height, gasUsed, ...figures }, lines.join("\n"));
    });
}

/** Refusals that mean that the pools are not what they were when the route was quoted: slippage, infeasible, certificate, outsideWindow. */
const MOVED: ReadonlySet<number> = new Set([6, 27, 28, 29]);

function moved(thrown: unknown): never {
  if (!(thrown instanceof CliError) || thrown.refusal?.codespace !== "hmm" || !MOVED.has(thrown.refusal.code)) throw thrown;
  throw new CliError(thrown.message, {
    why: thrown.why,
    next: "the pools have moved: quote it again with hanzod hmm route … --save route.json, or allow more --slippage",
    refusal: thrown.refusal,
    cause: thrown,
  });
}

function requireChain(actual: string, saved: string, file: string): void {
  if (actual !== saved)
    throw new CliError(`${file} is a route on ${saved}, the node is on ${actual}`, {
      why: "a route holds for the pools that it was made on",
      next: "quote it again on this chain: hanzod hmm route … --save route.json",
    });
}
