/** The pooling window over the final patch map: rows × columns, stride 1. */
export const poolingKernel = [2, 3] as const
