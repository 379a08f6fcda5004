// The subjects of a recording: which file each stands in, and what is judged of it.
import { abciCases } from "./judgeAbci.ts";
import { checkTxCases } from "./judgeCheckTx.ts";
import { grpcCases } from "./judgeGrpc.ts";
import { corsCases, restCases } from "./judgeRest.ts";
import { signingCases } from "./judgeSigning.ts";
import { txCases } from "./judgeTx.ts";
import type { RecordedNode } from "./recordedNode.ts";
import type { PartName, Recording } from "./recording.ts";
import type { Case } from "./verdict.ts";

/** A subject that is judged without a node. */
interface Document {
  readonly title: string;
  readonly part: PartName;
  readonly cases: (recording: Recording) => readonly Case[];
}

/** A subject whose questions a node is asked. */
interface Questions {
  readonly title: string;
  readonly part: PartName;
  readonly ask: (node: RecordedNode, recording: Recording) => readonly Case[];
}

export const SECTIONS: readonly (Document | Questions)[] = [
  { title: "sign documents", part: "signing", cases: signingCases },
  { title: "transactions", part: "tx", cases: txCases },
  { title: "CheckTx", part: "checktx", cases: checkTxCases },
  { title: "ABCI", part: "abci", ask: abciCases },
  { title: "gRPC", part: "abci", ask: grpcCases },
  { title: "REST", part: "rest", ask: restCases },
  { title: "REST with CORS", part: "rest", ask: corsCases },
];
