import { Command } from "commander";
import { examine } from "../doctor/examine.ts";
import type { Finding } from "../doctor/finding.ts";
import { realMachine } from "../doctor/realMachine.ts";
import { EXIT } from "../node/nodeError.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "./options.ts";

/** `hanzod doctor`: what is wrong with a node, before or while it runs. */
export function doctorCommand(): Command {
  return withCommonOptions(new Command("doctor"))
    .description("look a node over, running or not: keys, settings, ports, chain, clock, disk, versions; exit 1 when there is an error")
    .option("--state", "hash the checkpoints of the state again, too: about a second per million keys")
    .action(async (options: CommonOptions & { readonly state?: boolean }) => {
      const home = homeOf(options);
      const findings = await examine(home, realMachine(), options);
      const errors = findings.filter(({ severity }) => severity === "error").length;
      const summary = `${errors} errors, ${findings.length - errors} warnings in ${home.root}`;
      outputOf(options).result(
        { home: home.root, errors, warnings: findings.length - errors, findings },
        [...findings.map(formatFinding), summary].join("\n"),
      );
      process.exitCode = errors > 0 ? EXIT.failed : EXIT.ok;
    });
}

function formatFinding({ check, severity, what, why, next }: Finding): string {
  return `${severity} ${check}: ${what}\n  why:  ${why}\n  next: ${next}`;
}
