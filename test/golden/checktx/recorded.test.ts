import { checkTxCases } from "../../../cmd/hanzod/selftest/recording/judgeCheckTx.ts";
import { recording, testCases } from "../../harness/recordedCases.ts";

testCases("CheckTx judges transactions as the recorded chain does", "CheckTx", checkTxCases(recording), {
  same: 81,
  design: 64,
  outside: 4,
});
