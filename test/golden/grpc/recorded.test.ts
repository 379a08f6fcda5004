import { after } from "node:test";
import { grpcCases } from "../../../cmd/hanzod/selftest/recording/judgeGrpc.ts";
import { createRecordedNode } from "../../../cmd/hanzod/selftest/recording/recordedNode.ts";
import { recording, testCases } from "../../harness/recordedCases.ts";

const node = await createRecordedNode(recording);
after(() => node.close());

testCases("gRPC answers as the recorded node does", "gRPC", grpcCases(node, recording), { same: 174, design: 26, outside: 2 });
