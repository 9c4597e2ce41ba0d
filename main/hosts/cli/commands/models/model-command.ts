import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { importedWeight, modelKind } from '../../../../api/models.ts'
import type { ImportInput, ImportReport, Model } from '../../../../api/models.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { choice, text, UsageError } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

const absolute = (path: string | undefined) => (path === undefined ? null : resolve(path))
/** What there is to say, without what a model of this kind does not have. */
const known = (facts: (string | false | null)[]) => facts.filter(fact => fact !== false && fact !== null).join(', ')
const thousands = (count: number) => count.toLocaleString('en')

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

export function importModel(context: CommandContext): Promise<CommandResult> {
  const config = text(context.values, 'config')
  // The JSON of a dual encoder is its own configuration, and so is a folder.
  const [only = ''] = context.positionals
  if (config === undefined && !(context.positionals.length === 1 && (only.endsWith('.json') || isFolder(only)))) {
    throw new UsageError('--config is required.')
  }
  const init = initialisation(context.values.init)
  if (context.positionals.length === 0 && init === null) {
    throw new UsageError('Give the files of a checkpoint, or --init and what to start from.')
  }
  const kind = choice(context.values, 'kind', modelKind.options) ?? null
  return withWorkbench(context, async ({ client }) => {
    const report = await client.models.import(
      {
        weights: context.positionals.map(path => resolve(path)),
        config: absolute(config),
        variant: text(context.values, 'variant'),
        kind,
        bertConfig: absolute(text(context.values, 'bert-config')),
        vocab: absolute(text(context.values, 'vocab')),
        name: text(context.values, 'name') ?? null,
        init,
        resizeBias: choice(context.values, 'resize-bias', ['time', 'full'] as const) ?? null,
      },
      { signal: context.signal },
    )
    const taken =
      report.kind === 'dual-encoder'
        ? `${report.taken} files copied`
        : `${report.taken} tensors taken${changes(report)}, ${report.skipped.length} skipped`
    const lines = [`${report.model}: ${report.kind}, ${thousands(report.parameters)} parameters, ${taken}.`]
    if (report.settings.length > 0) {
      lines.push(
        '',
        table(
          ['read off the folder', ''],
          report.settings.map(one => [one.name, one.value]),
        ),
      )
    }
    const changed = report.weights.filter(one => one.how !== 'taken')
    if (changed.length > 0) {
      lines.push(
        '',
        table(
          ['weight', '', 'from'],
          changed.map(one => [one.key, one.how, one.from]),
        ),
      )
    }
    if (report.skipped.length > 0) {
      lines.push(
        '',
        table(
          ['skipped', 'reason'],
          report.skipped.map(one => [one.key, one.reason]),
        ),
      )
    }
    lines.push(...report.warnings.flatMap(warning => ['', warning]))
    return { json: report, text: lines.join('\n') }
  })
}

/** `swin=FILE`, `bert=FILE`, and `random`, `random=SEED` or `scaled=SEED`, each at most once. */
function initialisation(given: CommandContext['values'][string]): ImportInput['init'] {
  if (!Array.isArray(given)) return null
  const init: NonNullable<ImportInput['init']> = { swin: null, bert: null, seed: 0, start: 'published' }
  for (const one of given.map(String)) {
    const [, source = '', value] = /^(swin|bert|random|scaled)(?:=(.+))?$/s.exec(one) ?? []
    if ((source === 'random' || source === 'scaled') && (value === undefined || /^\d{1,9}$/.test(value))) {
      init.seed = Number(value ?? 0)
      init.start = source === 'scaled' ? 'scaled' : 'published'
    } else if ((source === 'swin' || source === 'bert') && value !== undefined) {
      init[source] = resolve(value)
    } else {
      throw new UsageError(`--init takes swin=FILE, bert=FILE, random=SEED or scaled=SEED, not "${one}".`)
    }
  }
  return init
}

/** How many weights came about otherwise than by being taken as they are, as `, 2 extended, 31 initialised`. */
function changes({ weights }: ImportReport): string {
  return importedWeight.shape.how
    .exclude(['taken'])
    .options.map(how => {
      const count = weights.filter(one => one.how === how).length
      return count > 0 ? `, ${count} ${how === 'initialised' ? how : `of them ${how}`}` : ''
    })
    .join('')
}

export function listModels(context: CommandContext): Promise<CommandResult> {
  return withWorkbench(context, async ({ client }) => {
    const models = await client.models.list(undefined, { signal: context.signal })
    const rows = models.map(one => [
      one.inUse ? '*' : '',
      one.id,
      one.kind,
      thousands(one.parameters),
      one.dimension,
      one.trained ? 'trained' : 'random weights',
    ])
    return { json: models, text: table(['', 'id', 'kind', 'parameters', 'dimension', ''], rows) }
  })
}

export function modelInfo(context: CommandContext): Promise<CommandResult> {
  const [id = ''] = context.positionals
  return withWorkbench(context, async ({ client }) => {
    const model = await client.models.info({ id }, { signal: context.signal })
    return { json: model, text: describe(model) }
  })
}

export function removeModel(context: CommandContext): Promise<CommandResult> {
  const [id = ''] = context.positionals
  return withWorkbench(context, async ({ client }) => {
    await client.models.remove({ id }, { signal: context.signal })
    return { json: { removed: id }, text: `${id} is removed.` }
  })
}

export function verifyModel(context: CommandContext): Promise<CommandResult> {
  const [fixture = '', ...further] = context.positionals
  const named = Array.isArray(context.values.case) ? context.values.case.map(String) : []
  return withWorkbench(context, async ({ client }) => {
    const report = await client.models.verify(
      {
        fixture: resolve(fixture),
        cases: [...named, ...further],
        device: text(context.values, 'device') ?? null,
        precision: choice(context.values, 'precision', ['fp32', 'fp16']) ?? 'fp32',
      },
      { signal: context.signal },
    )
    const shown = (value: number | null) => (value === null ? '—' : value.toExponential(2))
    const rows = report.cases.flatMap(one =>
      one.problem !== null
        ? [[one.name, '', '', '', '', '', one.problem]]
        : one.outputs.map(output => [
            one.name,
            output.name,
            shown(output.maxAbsDiff),
            shown(output.maxRelDiff),
            output.cosine?.toFixed(6) ?? '—',
            shown(output.tolerance),
            output.pass ? 'pass' : 'FAIL',
          ]),
    )
    const passed = report.cases.every(one => one.pass)
    return {
      json: report,
      text: `${table(['case', 'output', 'max abs', 'max rel', 'cosine', 'tolerance', ''], rows)}\n\n${report.cases.filter(one => one.pass).length} of ${report.cases.length} cases pass.`,
      exitCode: passed ? 0 : 1,
    }
  })
}

function describe(model: Model): string {
  const { video, text: words } = model
  return table(
    ['', ''],
    [
      ['id', `${model.id}${model.inUse ? ' (in use)' : ''}`],
      ['kind', model.kind],
      [
        'weights',
        `${thousands(model.parameters)} parameters, ${model.trained ? 'trained' : 'random: results mean nothing'}`,
      ],
      ...(model.labels === null ? [] : [['labels', `${model.labels}`]]),
      ['embedding', `${model.dimension} dimensions, ${model.localProjections ? 'global and local' : 'global only'}`],
      [
        'video',
        known([
          `${video.frames} frames of ${video.inputSize.join(' × ')}, ${video.clips} clips`,
          video.embedDim !== null && `width ${video.embedDim}`,
          video.depths && `depths ${video.depths.join(' ')}`,
          video.heads && `heads ${video.heads.join(' ')}`,
        ]),
      ],
      ...(video.windows ? [['windows', video.windows.map(window => window.join('×')).join('  ')]] : []),
      [
        'text',
        known([
          words.layers !== null && `${words.layers} layers`,
          words.hidden !== null && `width ${words.hidden}`,
          words.heads !== null && `${words.heads} heads`,
          `${thousands(words.vocabulary)} words`,
          words.sentences === null
            ? `${words.tokens} tokens`
            : `${words.tokens} tokens in ${words.sentences} sentences`,
        ]),
      ],
      ...model.agreements.map(({ precision, device, cosine, maxRelDiff }) => [
        precision,
        `cosine ${cosine.toFixed(5)} with fp32 on ${device}, largest difference ${(100 * maxRelDiff).toFixed(2)} %`,
      ]),
      ['source', model.source],
      ['hash', model.hash],
    ],
  )
    .split('\n')
    .slice(1)
    .join('\n')
}
