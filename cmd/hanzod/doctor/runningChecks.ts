import { readCometIdentity } from "../node/cometConfig.ts";
import { wantedRelease } from "../node/cometRelease.ts";
import { type DoctorCheck, error, type Finding, type RunningFacts, warning } from "./finding.ts";

/** A vote for the block follows the block's time by the time it takes to spread; clocks of honest nodes differ by less than this. */
const SKEW_MS = 1_000;

/** A node that runs: clock, peers, versions, progress. */
export const checkRunning: DoctorCheck = async ({ home, machine, comet, runningPid }) => {
  const laddr = comet?.get("rpc.laddr");
  if (runningPid === undefined || typeof laddr !== "string") return [];
  const rpc = laddr.replace("tcp://", "http://").replace("0.0.0.0", "127.0.0.1");
  const facts = await machine.askNode(rpc);
  if (facts === undefined)
    return [
      warning(
        "run.silent",
        `process ${runningPid} runs and CometBFT does not answer at ${rpc}`,
        "it may be starting, replaying blocks or being started again",
        `tail ${home.logs.comet}`,
      ),
    ];
  const address = await readCometIdentity(home).then(
    ({ validatorAddress }) => Buffer.from(validatorAddress).toString("hex").toUpperCase(),
    () => "",
  );
  return [...clockFindings(facts, address), ...networkFindings(facts, comet?.get("p2p.persistent_peers"))];
};

function clockFindings({ status, votes, askedMs }: RunningFacts, address: string): Finding[] {
  const found: Finding[] = [];
  const next = "timedatectl set-ntp true, or start chrony; then compare: date -u";
  const ahead = status.blockTimeMs - askedMs;
  if (ahead > SKEW_MS)
    found.push(
      error(
        "clock.slow",
        `this machine's clock is at least ${(ahead / 1000).toFixed(1)} s slow`,
        "the last block is from the future",
        next,
      ),
    );
  const own = votes.get(address);
  const others = [...votes].filter(([voter]) => voter !== address).map(([, time]) => time);
  if (own === undefined || others.length === 0) return found;
  const middle = others.sort((a, b) => a - b)[Math.floor((others.length - 1) / 2)] ?? own;
  const skew = own - middle;
  if (Math.abs(skew) > SKEW_MS)
    found.push(
      warning(
        "clock.skew",
        `this validator's clock is ${(Math.abs(skew) / 1000).toFixed(1)} s ${skew > 0 ? "ahead of" : "behind"} the others'`,
        "its votes shift the time of blocks, and far enough off they come too late",
        next,
      ),
    );
  return found;
}

function networkFindings({ status, cometVersion, peers }: RunningFacts, persistent: unknown): Finding[] {
  const found: Finding[] = [];
  const { version, printed } = wantedRelease();
  if (cometVersion !== version && cometVersion !== printed)
    found.push(error("run.version", `the CometBFT that runs is ${cometVersion}`, `${version} is needed`, "scripts/cometbft.sh"));
  if (status.catchingUp)
    found.push(
      warning(
        "run.behind",
        `the node is at height ${status.height} and fetches old blocks`,
        "it serves old state, and a validator signs nothing meanwhile",
        "wait; if the height does not grow, look at its peers",
      ),
    );
  if (peers === 0 && typeof persistent === "string" && persistent !== "")
    found.push(
      error(
        "run.alone",
        "the node has no peers",
        "none of persistent_peers is reached",
        "check addresses and firewalls; cometbft show-node-id at the peer prints its id",
      ),
    );
  return found;
}
