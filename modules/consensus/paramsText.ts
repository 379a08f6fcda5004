import type { ParamGroups } from "./limits.ts";

/**
 * Parameters as Go's protobuf text form prints them in one line, which is what the event of an update carries: zero fields are left out, every field
 * and every closing bracket is followed by a space.
 */
export function formatParams({ block, evidence, validator, abci }: ParamGroups): string {
  const age = evidence?.maxAgeDuration;
  return (
    group("block", block && numbers({ max_bytes: block.maxBytes, max_gas: block.maxGas })) +
    group(
      "evidence",
      evidence &&
        numbers({ max_age_num_blocks: evidence.maxAgeNumBlocks }) +
          group("max_age_duration", age && numbers({ seconds: age.seconds, nanos: BigInt(age.nanos) })) +
          numbers({ max_bytes: evidence.maxBytes }),
    ) +
    group("validator", validator?.pubKeyTypes.map((type) => `pub_key_types:${JSON.stringify(type)} `).join("")) +
    group("version", "") +
    group("abci", abci && numbers({ vote_extensions_enable_height: abci.voteExtensionsEnableHeight }))
  );
}

function group(name: string, content: string | undefined): string {
  return content === undefined ? "" : `${name}:<${content}> `;
}

function numbers(fields: Readonly<Record<string, bigint>>): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== 0n)
    .map(([name, value]) => `${name}:${value} `)
    .join("");
}
