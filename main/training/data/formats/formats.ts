import type { DatasetFormat } from '../../../api/datasets.ts'
import { activityNetCaptions } from './activitynet-captions.ts'
import { activityNetQaPair } from './activitynet-qa-pair.ts'
import { captionsBesideVideos } from './captions-beside-videos.ts'
import { charadesSta } from './charades-sta.ts'
import { classFolders } from './class-folders.ts'
import { condensedMovies } from './condensed-movies.ts'
import { csv } from './csv.ts'
import { didemo } from './didemo.ts'
import { egoSchema } from './egoschema.ts'
import type { Format } from './format.ts'
import { how2qaRelease } from './how2qa-release.ts'
import { jsonTable } from './json-table.ts'
import { lvu } from './lvu.ts'
import { moments } from './moments.ts'
import { msrVtt } from './msr-vtt.ts'
import { msvd } from './msvd.ts'
import { pretrainLmdb } from './pretrain-lmdb.ts'
import { activityNetQa, how2qa, pretrainJsonl, retrievalJsonl, videoClassificationJsonl, violin } from './published.ts'
import { videoDatabase } from './video-database.ts'
import { violinRelease } from './violin-release.ts'

/** The likeliest first: what says more of itself comes before what any folder could be. */
export const formats: readonly Format[] = [
  how2qa,
  how2qaRelease,
  egoSchema,
  activityNetQaPair,
  activityNetQa,
  violin,
  violinRelease,
  pretrainJsonl,
  pretrainLmdb,
  videoClassificationJsonl,
  retrievalJsonl,
  activityNetCaptions,
  videoDatabase,
  didemo,
  moments,
  charadesSta,
  msrVtt,
  msvd,
  condensedMovies,
  lvu,
  csv,
  jsonTable,
  captionsBesideVideos,
  classFolders,
]

export function formatNamed(id: DatasetFormat): Format {
  const format = formats.find(candidate => candidate.id === id)
  if (!format) throw new Error(`there is no format ${id}`)
  return format
}
