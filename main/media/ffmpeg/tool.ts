import { isInterruption, machineProblem, startProblem, withAttempts } from './child-end.ts'
import { runChildProcess } from './child-process.ts'
import type { ChildProcessOptions, ChildProcessResult } from './child-process.ts'
import { findExecutable, forgetExecutables } from './executables.ts'
import type { MediaTool } from './executables.ts'

/** A tool that ended by itself. Its exit code is about what it read or wrote. */
export type ToolResult = ChildProcessResult & { readonly exitCode: number }

/**
 * Runs ffmpeg or ffprobe. An end by a signal, for want of memory or before the start is never a result.
 * @throws ExpectedError `tool-interrupted`, `ffmpeg-missing` or `ffmpeg-broken`; as {@link runChildProcess}.
 */
export async function runTool(
  tool: MediaTool,
  args: readonly string[],
  options: ChildProcessOptions = {},
): Promise<ToolResult> {
  const executable = await findExecutable(tool)
  const result = await runChildProcess(executable, args, options).catch((error: unknown) => {
    const problem = startProblem(executable, error)
    // It may have been removed or installed anew: the next call looks for it again.
    if (problem && !isInterruption(problem)) forgetExecutables()
    throw problem ?? error
  })
  const problem = machineProblem(executable, result)
  if (problem) throw problem
  return { ...result, exitCode: result.exitCode ?? 0 }
}

/**
 * Makes sure, before a file is called damaged, that it is not the tool that fails. @throws ExpectedError
 * `tool-interrupted` or `ffmpeg-broken`.
 */
export async function assertSound(tool: MediaTool, signal?: AbortSignal): Promise<void> {
  const { exitCode, errorText } = await withAttempts(signal, () => runTool(tool, ['-version'], { signal }))
  if (exitCode !== 0) {
    throw (
      machineProblem(await findExecutable(tool), { exitCode: 127, signal: null, errorText }) ??
      new Error('a tool that fails is broken')
    )
  }
}
