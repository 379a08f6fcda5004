import { signingCases } from "../../../cmd/hanzod/selftest/recording/judgeSigning.ts";
import { recording, testCases } from "../../harness/recordedCases.ts";

testCases("amino sign documents are the SDK's first and stock cosmjs' second", "sign documents", signingCases(recording), {
  same: 110,
  design: 0,
  outside: 0,
});
