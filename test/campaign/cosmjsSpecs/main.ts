// The specifications that cosmjs has for chains of the Cosmos SDK, put to a node of this program: `node dist/test/campaign/cosmjsSpecs/main.js CHECKOUT`
import { join } from "node:path";
import { CHECKOUT } from "../../e2e/harness/nodeProcess.ts";
import { runSpecs, type SpecResult } from "./runSpecs.ts";
import { bundleSpecs } from "./specBundle.ts";
import { startSpecChain } from "./specChain.ts";

/** Specifications that fail here on purpose, and why. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  [
    "SigningStargateClient signAndBroadcast direct mode returns DeliverTxFailure on DeliverTx failure",
    "wants more than 40,000 gas for a transfer that fails; gas figures are this program's own",
  ],
]);

/** The specifications' word for a chain that keeps its community pool in x/distribution, as the SDK did up to 0.50 and does without x/protocolpool. */
process.env["SIMAPP50_ENABLED"] = "1";

function show({ fullName, status, reasons }: SpecResult): void {
  if (status !== "failed") return;
  const why = DIFFERENCES.get(fullName);
  console.log(`${why === undefined ? "failed" : "differs"}: ${fullName}\n  ${[...reasons, why ?? ""].filter(Boolean).join("\n  ")}`);
}

async function main(checkout: string): Promise<number> {
  const bundle = await bundleSpecs(checkout, join(CHECKOUT, ".cache/cosmjs-specs"));
  const chain = await startSpecChain();
  try {
    const results = await runSpecs(bundle, show);
    const count = (status: SpecResult["status"]): number => results.filter((result) => result.status === status).length;
    const differs = results.filter(({ fullName, status }) => status === "failed" && DIFFERENCES.has(fullName)).length;
    const failed = count("failed") - differs;
    console.log(`${count("pending")} are for other chains, ${differs} differ by design\n${count("passed")} passed, ${failed} failed`);
    return failed;
  } finally {
    await chain.stop();
  }
}

const [checkout = ""] = process.argv.slice(2);
if (checkout === "") {
  console.error(
    "a checkout of cosmjs is expected:\n  git clone https://github.com/cosmos/cosmjs ../cosmjs\n  make cosmjs-specs COSMJS=../cosmjs",
  );
  process.exitCode = 2;
  // Specifications leave sockets open.
} else process.exit((await main(checkout)) > 0 ? 1 : 0);
