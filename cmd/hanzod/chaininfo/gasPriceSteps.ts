/** Gas prices that wallets offer: the least that the node takes, half as much again, and twice as much. @param least in the fee denomination */
export function gasPriceSteps(least: number): { readonly low: number; readonly average: number; readonly high: number } {
  return { low: least, average: least * 1.5, high: least * 2 };
}
