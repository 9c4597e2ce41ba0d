import type { AttentionOverview, AttentionStage } from '../../../../main/api/index.ts'
import { countedAxis } from '../../../charts/arrays/array-files.ts'
import type { Drawn, Exportable, Figure } from '../../../charts/figure/figure.ts'
import type { Sheet } from '../../../charts/figure/sheet.ts'
import { cellPaths, element } from '../../../charts/figure/svg.ts'
import { formatTime } from '../../../locale/format.ts'
import { t } from '../../../locale/i18n.ts'
import { frameAxis } from '../map/map-export.ts'
import { factsOfPart } from '../map/shown-part.ts'

export interface ShownWindows {
  readonly overview: AttentionOverview
  /** The one that asks. */
  readonly frame: number
  readonly videoName: string
  readonly stem: string
}

/** Own and least height of a stage in font sizes. */
const row = { own: 2, least: 1.2 }

/** What leaves the temporal windows: their figure under the frames, and each stage's row of the frame that asks. */
export function exportedWindows(shown: ShownWindows): Exportable {
  const { overview, frame } = shown
  const axes = [countedAxis('stage', overview.stages.length), frameAxis('key frame', overview)]
  return {
    figure: windowsFigure(shown),
    origin: {
      model: overview.model,
      videoIds: [overview.videoId],
      facts: { frame: frame + 1, ...factsOfPart(overview) },
    },
    arrays: [
      {
        name: 'windows',
        read: () => ({
          name: `windows-of-frame${frame + 1}`,
          quantity: 'share of attention',
          axes,
          values: overview.stages.flatMap(({ mean }) => mean[frame] ?? []),
        }),
      },
    ],
  }
}

function windowsFigure({ overview, frame, videoName, stem }: ShownWindows): Figure {
  const { frames, stages } = overview
  const time = formatTime(frames[frame]?.time ?? 0, 1)
  return {
    stem: `${stem}-windows-frame${frame + 1}`,
    title: `${t('attention.windows')}: ${videoName}`,
    subtitle: t('figure.subtitle', {
      what: t('attention.frameNamed', { frame: frame + 1, time }),
      model: overview.model,
    }),
    key: {
      kind: 'scale',
      temperature: null,
      range: () => ({ min: 0, max: 1 }),
      unit: () => t('attention.windowsUnit'),
      format: value => (value === 1 ? t('attention.strongest') : String(value)),
    },
    pictures: frames.map(({ image }) => image),
    picturesOptional: true,
    draw(sheet, top, chosen): Drawn {
      const { em, width, colours } = sheet.look
      const size = 0.9 * em
      const names = stages.map(({ window }, index) => ({
        stage: t('attention.stage', { stage: index + 1 }),
        window: t('attention.frameCount', window),
      }))
      const label = Math.max(...names.map(({ stage, window }) => sheet.widthOf(`${stage}  ${window}`, { size })))
      const left = em + label + em
      const cell = (width - left - em) / frames.length
      let y = top
      if (chosen.pictures) {
        const height = (cell * 9) / 16
        frames.forEach(({ image }, index) =>
          sheet.picture(image, { x: left + index * cell, y, width: Math.max(0.5, cell - 0.6), height }),
        )
        y += height + 0.2 * em
      }
      const step = Math.max(1, Math.ceil((sheet.widthOf('00:00', { size }) + 0.6 * em) / cell))
      for (let index = 0; index < frames.length; index += step) {
        const text = { x: left + (index + 0.5) * cell, y: y + 0.9 * size, size, colour: colours.ink2 }
        sheet.write(formatTime(frames[index]?.time ?? 0), { ...text, anchor: 'middle' })
      }
      y += 1.5 * size
      const extent = chosen.extent ?? row.own * em * stages.length
      const height = extent / stages.length
      stages.forEach((stage, index) => {
        const at = y + index * height
        const baseline = at + height / 2 + 0.3 * size
        sheet.write(names[index]?.stage ?? '', { x: em, y: baseline, size })
        const end = { x: left - 0.6 * em, y: baseline, size, colour: colours.ink2, anchor: 'end' as const }
        sheet.write(names[index]?.window ?? '', end)
        drawStage(sheet, stage, { frame, left, cell, top: at, height, range: chosen.range })
      })
      const mark = { x: left + frame * cell, y, width: cell, height: extent, fill: 'none', 'stroke-width': 0.8 }
      sheet.add(element('rect', { ...mark, stroke: colours.ink }))
      return { bottom: y + extent, extent, least: row.least * em * stages.length }
    },
  }
}

interface StagePlace {
  readonly frame: number
  readonly left: number
  readonly cell: number
  readonly top: number
  readonly height: number
  readonly range: { readonly min: number; readonly max: number }
}

/** Windows of a stage as boxes; cells in the one of the frame that asks. */
function drawStage(
  sheet: Sheet,
  { mean, window }: AttentionStage,
  { frame, left, cell, top, height, range }: StagePlace,
) {
  const { colours, scale } = sheet.look
  const weights = mean[frame] ?? []
  const strongest = Math.max(...weights, 1e-9)
  const first = frame - (frame % window)
  const box = { y: top + 0.12 * height, height: 0.76 * height }
  const own = weights.slice(first, first + window)
  sheet.add(
    ...cellPaths(
      own.map((weight, offset) => ({
        x: left + (first + offset) * cell + 0.5,
        ...box,
        width: Math.max(0.5, cell - 1),
        colour: scale.css((weight / strongest - range.min) / (range.max - range.min || 1)),
      })),
    ),
  )
  for (let start = 0; start < weights.length; start += window) {
    const width = Math.min(window, weights.length - start) * cell - 1
    const stroke = start === first ? colours.accent : colours.line
    const shape = { x: left + start * cell + 0.5, ...box, width, rx: 2, fill: 'none', stroke }
    sheet.add(element('rect', { ...shape, 'stroke-width': start === first ? 1.2 : 0.8 }))
  }
}
