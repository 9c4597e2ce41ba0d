/** Where an archive is, a path or an address, and the SHA-256 that its publisher states. */
export interface FfmpegArchive {
  readonly address: string
  readonly sha256: string
}
export function statedArchives(
  target: string,
  env?: Readonly<Record<string, string | undefined>>,
): Promise<FfmpegArchive[]>
/** Returns the version that ffmpeg states, or `not run` where it cannot be run here. */
export function obtainFfmpeg(archives: readonly FfmpegArchive[], target: string, into: string): Promise<string>
