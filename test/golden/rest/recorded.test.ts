import { after } from "node:test";
import { restCases } from "../../../cmd/hanzod/selftest/recording/judgeRest.ts";
import { createRecordedNode } from "../../../cmd/hanzod/selftest/recording/recordedNode.ts";
import { recording, testCases } from "../../harness/recordedCases.ts";

const node = await createRecordedNode(recording);
after(() => node.close());

testCases("REST answers as the recorded node does", "REST", restCases(node, recording), { same: 261, design: 59, outside: 4 });
