import type { AttentionBlock, AttentionOverview, AttentionRollout } from '../../../../main/api/index.ts'
import type { ArrayAxis } from '../../../charts/arrays/array-files.ts'
import { countedAxis } from '../../../charts/arrays/array-files.ts'
import type { Exportable, Figure, Origin } from '../../../charts/figure/figure.ts'
import { drawHeatMap } from '../../../charts/figure/heat-map.ts'
import type { HeatMapPlace } from '../../../charts/figure/heat-map.ts'
import type { Sheet } from '../../../charts/figure/sheet.ts'
import { element } from '../../../charts/figure/svg.ts'
import { formatScore } from '../../../locale/format.ts'
import { t } from '../../../locale/i18n.ts'
import { largest } from './attention-values.ts'
import { factsOfPart } from './shown-part.ts'

export interface ShownMap {
  readonly overview: AttentionOverview
  readonly block: AttentionBlock
  /** Shown in the place of the block. */
  readonly rollout: AttentionRollout['stages'][number] | null
  /** [frames][frames] */
  readonly map: readonly (readonly number[])[]
  readonly head: number | null
  readonly videoName: string
  readonly stem: string
}

/** Frames as the axis of an array: number and time. */
export function frameAxis(name: string, { frames }: Pick<AttentionOverview, 'frames'>, first = 0): ArrayAxis {
  return {
    name,
    fields: [name, `${name} seconds`],
    entries: frames.map(({ time }, index) => [first + index + 1, time]),
  }
}

/** What leaves the frame × frame map: its figure, the map that is shown, every head of the block, every stage. */
export function exportedMap(shown: ShownMap): Exportable {
  const { overview, block, rollout, map, head } = shown
  const axes = [frameAxis('query frame', overview), frameAxis('key frame', overview)]
  const place: Origin['facts'] = rollout
    ? { stage: block.stage + 1, rollout: 'yes' }
    : { stage: block.stage + 1, block: block.block + 1, head: head === null ? 'mean' : head + 1, window: block.window }
  const quantity = 'share of attention'
  const heads = countedAxis('head', block.heads.length)
  const stages = countedAxis('stage', overview.stages.length)
  return {
    figure: mapFigure(shown),
    origin: { model: overview.model, videoIds: [overview.videoId], facts: { ...place, ...factsOfPart(overview) } },
    arrays: [
      { name: 'map', read: () => ({ name: 'map', quantity, axes, values: map.flat() }) },
      {
        name: 'heads',
        read: () => ({
          name: 'heads',
          quantity,
          axes: [heads, ...axes],
          values: block.heads.flatMap(one => one.map.flat()),
        }),
      },
      {
        name: 'stages',
        read: () => ({
          name: 'stages',
          quantity,
          axes: [stages, ...axes],
          values: overview.stages.flatMap(({ mean }) => mean.flat()),
        }),
      },
    ],
  }
}

function mapFigure({ overview, block, rollout, map, head, videoName, stem }: ShownMap): Figure {
  const part = rollout ? '-rollout' : `-block${block.block + 1}${head === null ? '' : `-head${head + 1}`}`
  const where = [
    t('attention.stage', { stage: block.stage + 1 }),
    ...(rollout
      ? [t('attention.rollout')]
      : [
          t('attention.block', { block: block.block + 1 }),
          head === null ? t('attention.meanOf', block.heads.length) : t('attention.head', { head: head + 1 }),
        ]),
  ].join(' · ')
  const labels = overview.frames.map((_, index) => String(index + 1))
  return {
    stem: `${stem}-attention-stage${block.stage + 1}${part}`,
    title: `${t('attention.map')}: ${videoName}`,
    subtitle: t('figure.subtitle', { what: where, model: overview.model }),
    key: {
      kind: 'scale',
      temperature: null,
      range: () => ({ min: 0, max: largest(map) }),
      unit: () => t('attention.unit'),
      format: formatScore,
    },
    pictures: [],
    picturesOptional: false,
    draw: (sheet, top, chosen) =>
      drawHeatMap(
        sheet,
        {
          values: map,
          rows: { title: t('attention.queryFrame'), labels, even: true },
          columns: { title: t('attention.keyFrame'), labels, even: true },
          square: true,
          written: null,
        },
        {
          top,
          chosen,
          over: place => {
            if (!rollout) drawWindows(sheet, block.window, place)
          },
        },
      ),
  }
}

/** Outlines of the temporal windows. */
function drawWindows(sheet: Sheet, window: number, { left, top, cellWidth, cellHeight, rows }: HeatMapPlace) {
  for (let start = 0; start < rows; start += window) {
    const size = Math.min(window, rows - start)
    sheet.add(
      element('rect', {
        x: left + start * cellWidth - 0.4,
        y: top + start * cellHeight - 0.4,
        width: size * cellWidth,
        height: size * cellHeight,
        fill: 'none',
        stroke: sheet.look.colours.accent,
        'stroke-width': 0.8,
      }),
    )
  }
}
