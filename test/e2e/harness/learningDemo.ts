// `make demo-learning`: a round of shared learning before one's eyes; the last line is a JSON summary.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { playLearningStory } from "./learningStory.ts";

const root = await mkdtemp(join(tmpdir(), "hz-learning-"));
const began = performance.now();
const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(0)} s`.padStart(6);
try {
  console.log(JSON.stringify(await playLearningStory(root, (line) => console.log(`${seconds()}  ${line}`))));
} finally {
  await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
