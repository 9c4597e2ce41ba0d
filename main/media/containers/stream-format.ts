/** What a decoder of H.264 or H.265 must know before the first packet. */
export interface StreamFormat {
  /** The decoder configuration record of ISO/IEC 14496-15. */
  readonly configuration: Buffer
  /**
   * Code point of Rec. ITU-T H.273 for the matrix that turns the colours into RGB, and whether they use the full range;
   * undefined where the container does not tell.
   */
  readonly matrix: number | undefined
  readonly fullRange: boolean | undefined
}
