// Compares this build with a recording of a Cosmos SDK chain: every question again, every document again.
import { createRecordedNode } from "./recordedNode.ts";
import { type PartName, readRecording } from "./recording.ts";
import { judgeAll, type SectionReport } from "./report.ts";
import { SECTIONS } from "./sections.ts";

/**
 * Judges the parts of a recording.
 * @param folder with the recording's files; genesis.json gives the state, whatever parts are judged
 * @param parts names of the files to judge
 * @throws Error when the files are no recording
 */
export async function judgeRecording(folder: string, parts: ReadonlySet<PartName>): Promise<readonly SectionReport[]> {
  const recording = readRecording(folder);
  const sections = SECTIONS.filter(({ part }) => parts.has(part) && recording[part] !== undefined);
  const node = sections.some((section) => "ask" in section) ? await createRecordedNode(recording) : undefined;
  try {
    const reports: SectionReport[] = [];
    for (const section of sections) {
      const cases = "cases" in section ? section.cases(recording) : node === undefined ? [] : section.ask(node, recording);
      if (cases.length > 0) reports.push(await judgeAll(section.title, cases));
    }
    return reports;
  } finally {
    await node?.close();
  }
}
