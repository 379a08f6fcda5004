import { Command } from "commander";
import { MsgCommitOrder, MsgRevealOrder } from "#proto/hanzo/hmm/v1/tx";
import { CliError } from "../../shared/cliError.ts";
import { homeOf } from "../command/options.ts";
import { type SendOptions, sceneOf, withTxOptions } from "../command/sendOptions.ts";
import type { TxScene } from "../tx/sendMessage.ts";
import { formatCredit, formatPrice, formatResource } from "./amountFormat.ts";
import { parsePriceText, parseResourceText } from "./amountText.ts";
import { type Market, marketOf, sameNode } from "./market.ts";
import { getUnits } from "./poolReport.ts";
import { dropSealed, loadSealed, type SealedFile, saveSealed } from "./sealedFile.ts";
import { requireCommits, requireReveals, revealMessage, type SealWish, sealOrder, TooEarly } from "./sealing.ts";
import { findEvent, type SentTx, sendAndWait } from "./sendAndWait.ts";

type SealOptions = SendOptions & { readonly buy?: string; readonly sell?: string; readonly limit: string; readonly patient?: boolean };
type RevealOptions = SendOptions & { readonly patient?: boolean };

const PATIENCE_MS = 600_000;
const POLL_MS = 250;
/** Code of the market's error for a message in the other phase of the round. */
const WRONG_PHASE = 22;
const PATIENT = "wait for the phase of the round that takes it";

/** `hanzod hmm seal gpu --buy 100h --limit 2.1AI/h --from alice`. */
export function sealCommand(): Command {
  return withTxOptions(new Command("seal").argument("<pool>", "pool, such as gpu"))
    .description("commit to an order without showing it: large orders trade this way only")
    .option("--buy <amount>", "amount to buy, such as 100h")
    .option("--sell <amount>", "amount to sell, such as 100h")
    .requiredOption("--limit <price>", "worst acceptable price with all fees, such as 2.1AI/h or 0.04AI/GiB-h")
    .option("--patient", PATIENT)
    .action(sealAndCommit);
}

/** `hanzod hmm reveal FILE --from alice`. */
export function revealCommand(): Command {
  return withTxOptions(new Command("reveal").argument("<file>", "file that hanzod hmm seal made"))
    .description("show a committed order, so that it clears at the end of its round")
    .option("--patient", PATIENT)
    .action(revealOrder);
}

async function sealAndCommit(poolId: string, options: SealOptions): Promise<void> {
  const text = options.buy ?? options.sell;
  if (text === undefined || (options.buy !== undefined && options.sell !== undefined))
    throw new CliError("expected --buy or --sell, one of them", { next: `hanzod hmm seal ${poolId} --buy 100h --limit 2AI/h --from KEY` });
  const side = options.buy === undefined ? "sell" : "buy";
  const scene = await sceneOf(options);
  const market = marketOf(scene.client);
  const { pool, units } = await getUnits(market, poolId);
  const resource = parseResourceText(units, text, poolId, pool.denom);
  const limitE18 = parsePriceText(units, options.limit, side, poolId);
  const chainId = options.chainId ?? (await scene.client.chainId());
  const wish: SealWish = { chainId, sender: scene.sender.address, poolId, side, resource, limitE18 };
  const { file, path, sent } = await inPhase(options.patient === true, () => commit(scene, market, wish, options));
  if (sent === undefined) return;
  const landed = findEvent(sent, "hanzo.hmm.v1.EventOrderCommitted")?.get("round") ?? "";
  if (landed !== file.round.toString())
    throw new CliError(`the commit came into round ${landed}, the order is sealed for round ${file.round}: it cannot be revealed`, {
      why: "the chain was slower than the round",
      next: `the deposit comes back after the round, less the penalty; ${path} is of no use`,
    });
  const lines = [
    `sealed    ${side} ${formatResource(units, resource)} of ${poolId} at ${formatPrice(units, limitE18)} AI per ${units.unitName} or better`,
    `deposit   ${formatCredit(file.deposit)}, back after the reveal less what the order costs`,
    `tx        ${sent.txhash}   height ${sent.height}`,
    `kept in   ${path}: whoever loses it loses a part of the deposit`,
    `reveal    at heights ${file.revealFrom} to ${file.revealTo}; it clears at height ${file.revealTo}`,
    `  next: ${revealLine(path, options)}`,
  ];
  const { salt: _secret, ...shown } = file;
  scene.output.result({ ...shown, file: path, txhash: sent.txhash, height: sent.height }, lines.join("\n"));
}

/** One attempt to commit. @returns `sent` is undefined when the options say to send nothing */
async function commit(
  scene: TxScene,
  market: Market,
  wish: SealWish,
  options: SealOptions,
): Promise<{ readonly file: SealedFile; readonly path: string; readonly sent: SentTx | undefined }> {
  const { file, commit: value } = await sealOrder(market, requireCommits(await market.round()), wish);
  const path = saveSealed(homeOf(options).root, file);
  const sent = await sendAndWait(scene, { typeUrl: `/${MsgCommitOrder.$type}`, value }, options).catch((thrown: unknown) => {
    // Refused before it was in a block: there is nothing to reveal. After a loss of the connection the file must stay.
    if (thrown instanceof CliError && thrown.refusal !== undefined) dropSealed(path);
    throw thrown;
  });
  // A generated transaction may be signed elsewhere: without the file it could never be revealed.
  if (options.generateOnly === true) scene.output.note(`kept in ${path}`);
  else if (sent === undefined) dropSealed(path);
  return { file, path, sent };
}

function revealLine(path: string, options: SealOptions): string {
  const backend = options.keyringBackend === "file" ? "" : ` --keyring-backend ${options.keyringBackend}`;
  return `hanzod hmm reveal ${path} --from ${options.from}${backend}${sameNode(options)} --patient`;
}

async function revealOrder(path: string, options: RevealOptions): Promise<void> {
  const order = loadSealed(path);
  const scene = await sceneOf(options);
  requireOwner(order, scene.sender.address, await scene.client.chainId(), path);
  const market = marketOf(scene.client);
  const message = { typeUrl: `/${MsgRevealOrder.$type}`, value: revealMessage(order) };
  const sent = await inPhase(options.patient === true, async () => {
    requireReveals(await market.round(), order);
    return sendAndWait(scene, message, options);
  });
  if (sent === undefined) return;
  const { txhash, height } = sent;
  const lines = [
    `revealed  ${order.side} order of pool ${order.poolId}, round ${order.round}`,
    `tx        ${txhash}   height ${height}`,
    `clears    at height ${order.revealTo}, at the price of that block's batch`,
    `  next: hanzod hmm pool ${order.poolId}${sameNode(options)}`,
  ];
  const { salt: _shown, ...rest } = order;
  scene.output.result({ ...rest, txhash, height, clearsHeight: order.revealTo }, lines.join("\n"));
}

function requireOwner(order: SealedFile, sender: string, chainId: string, path: string): void {
  if (order.sender !== sender)
    throw new CliError(`${path} was sealed by ${order.sender}, not by ${sender}`, {
      why: "an order is bound to its sender",
      next: `--from ${order.sender}`,
    });
  if (order.chainId !== chainId)
    throw new CliError(`${path} was sealed for ${order.chainId}, the node is on ${chainId}`, { next: "--node of that chain" });
}

/**
 * Tries once, or as long as it is the wrong phase. A simulation runs on the height before the next block, so the chain may refuse an order as
 * too early although the next block would take it.
 * @throws what the attempt throws
 */
async function inPhase<T>(patient: boolean, attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      if (!patient || !isEarly(thrown) || performance.now() > deadline) throw thrown;
    }
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}

function isEarly(thrown: unknown): boolean {
  if (thrown instanceof TooEarly) return true;
  return thrown instanceof CliError && thrown.refusal?.codespace === "hmm" && thrown.refusal.code === WRONG_PHASE;
}
