import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { evaluationChoice } from '../../../../main/api/evaluation/evaluation.ts'
import type { Evaluation, EvaluationChoice } from '../../../../main/api/evaluation/evaluation.ts'
import { openWorkbench } from '../../../../main/workbench/workbench.ts'
import type { Workbench } from '../../../../main/workbench/workbench.ts'
import { paint } from '../../models/dual-encoder/paint.ts'

/** A workbench beside four videos: three of one or two colours, and a file that is none. */
export class Evaluating {
  readonly folder: string
  readonly workbench: Workbench

  private constructor(folder: string, workbench: Workbench) {
    this.folder = folder
    this.workbench = workbench
  }

  /** @param folder where all of it lies. */
  static async open(folder: string): Promise<Evaluating> {
    await mkdir(join(folder, 'videos'))
    const video = (name: string) => join(folder, 'videos', name)
    await Promise.all([
      paint(video('rose.mp4'), 'red'),
      paint(video('meadow.mp4'), 'lime'),
      paint(video('evening.mp4'), 'red', 'blue'),
      writeFile(video('broken.mp4'), 'not a video'),
    ])
    const workspace = join(folder, 'workspace')
    return new Evaluating(
      folder,
      await openWorkbench({ host: 'cli', version: 'test', workspace, demo: false, device: 'cpu' }),
    )
  }

  close(): Promise<void> {
    return this.workbench.close()
  }

  /** A folder with one annotation file; the videos lie elsewhere. */
  async annotations(name: string, file: string, content: string): Promise<string> {
    await mkdir(join(this.folder, name), { recursive: true })
    await writeFile(join(this.folder, name, file), content)
    return join(this.folder, name)
  }

  choose(home: string, model: string, choice: Partial<EvaluationChoice> = {}): EvaluationChoice {
    return evaluationChoice.parse({
      dataset: { folder: home, videos: join(this.folder, 'videos') },
      model,
      ...choice,
    })
  }

  async evaluate(home: string, model: string, choice: Partial<EvaluationChoice> = {}): Promise<Evaluation> {
    const started = await this.workbench.client.evaluation.start(this.choose(home, model, choice))
    await this.workbench.waitForJob(started.jobId ?? -1)
    return this.workbench.client.evaluation.info({ id: started.id })
  }

  async failures(id: string) {
    return (await this.workbench.client.evaluation.failures({ id })).failures
  }
}

export const jsonl = (...rows: readonly unknown[]) => rows.map(row => JSON.stringify(row)).join('\n')
