import type { DatasetFormat } from '../../../api/training/datasets.ts'
import { activityNetCaptions } from './activitynet-captions.ts'
import { captionsBesideVideos } from './captions-beside-videos.ts'
import { classFolders } from './class-folders.ts'
import { openMmLab } from './lists/openmmlab.ts'
import { pretrainLmdb } from './pretrain-lmdb.ts'
import { activityNetQa, how2qa, pretrainJsonl, retrievalJsonl, videoClassificationJsonl, violin } from './published.ts'
import type { Format } from './reading/format.ts'
import { charadesSta } from './released/charades-sta.ts'
import { condensedMovies } from './released/condensed-movies.ts'
import { didemo } from './released/didemo.ts'
import { lsmdc } from './released/lsmdc.ts'
import { lvu } from './released/lvu.ts'
import { moments } from './released/moments.ts'
import { msrVtt } from './released/msr-vtt.ts'
import { msvd } from './released/msvd.ts'
import { activityNetQaPair } from './released/questions/activitynet-qa-pair.ts'
import { egoSchema } from './released/questions/egoschema.ts'
import { how2qaRelease } from './released/questions/how2qa-release.ts'
import { violinRelease } from './released/questions/violin-release.ts'
import { videoDatabase } from './released/video-database.ts'
import { csv } from './table-files/csv.ts'
import { jsonTable } from './table-files/json-table.ts'
import { parquet } from './table-files/parquet.ts'
import { webDataset } from './table-files/webdataset.ts'
import { elan } from './tools/elan.ts'
import { labelStudio } from './tools/label-studio.ts'

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
  lsmdc,
  lvu,
  openMmLab,
  elan,
  labelStudio,
  csv,
  jsonTable,
  parquet,
  webDataset,
  captionsBesideVideos,
  classFolders,
]

export function formatNamed(id: DatasetFormat): Format {
  const format = formats.find(candidate => candidate.id === id)
  if (!format) throw new Error(`there is no format ${id}`)
  return format
}
