import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { tarOf } from '../../../support/tar.ts'
import type { ColourVideo } from '../colour-videos.ts'
import { asked, perSplit } from './promise.ts'
import type { FormatPromise } from './promise.ts'

/** Files that are no text, and those of annotation tools. */
export const fileKindFormats: readonly FormatPromise[] = [
  {
    data: 'a table in Parquet',
    format: 'parquet',
    task: 'retrieval',
    preset: 'didemo-retrieval',
    counts: [4, 4],
    files: () =>
      perSplit(
        videos =>
          new Uint8Array(
            parquetWriteBuffer({
              columnData: [
                { name: 'video_id', data: videos.map(({ name }) => name), type: 'STRING' },
                { name: 'caption', data: videos.map(({ colour }) => `a ${colour} film`), type: 'STRING' },
              ],
            }),
          ),
        split => `data/${split}-00000-of-00001.parquet`,
      ),
  },
  {
    data: 'WebDataset',
    format: 'webdataset',
    packed: true,
    task: 'retrieval',
    preset: 'didemo-retrieval',
    counts: [4, 4],
    files: home =>
      perSplit(
        videos =>
          tarOf(
            Object.fromEntries(
              videos.flatMap(({ name, colour }, number) => [
                [`${number}.mp4`, readFileSync(join(home, `${name}.mp4`))],
                [`${number}.txt`, `a ${colour} film`],
                [`${number}.json`, JSON.stringify({ key: String(number), url: 'https://films', width: 48 })],
              ]),
            ),
          ),
        split => `${split}-000000.tar`,
      ),
  },
  {
    data: 'ELAN',
    format: 'elan',
    task: 'retrieval',
    preset: 'didemo-retrieval',
    counts: [4, 4],
    files: () => Object.fromEntries(asked.map(video => [`${video.split}/${video.name}.eaf`, elanOf(video)])),
  },
  {
    data: 'Label Studio',
    format: 'label-studio',
    task: 'retrieval',
    preset: 'didemo-retrieval',
    options: ['--frame-rate', '8'],
    asks: { question: 'Label Studio counts in frames', label: 'Frame rate of the project', answer: '8' },
    counts: [4, 4],
    files: () =>
      perSplit(
        videos =>
          JSON.stringify(
            videos.map(({ name, colour }, id) => ({
              id,
              data: { video: `/data/upload/1/0f3c9a1b-${name}.mp4` },
              annotations: [
                {
                  id,
                  completed_by: 1,
                  was_cancelled: false,
                  result: [
                    {
                      id: 'r1',
                      type: 'timelinelabels',
                      from_name: 'colour',
                      to_name: 'video',
                      value: { ranges: [{ start: 1, end: 4 }], timelinelabels: [`a ${colour} film`] },
                    },
                  ],
                },
              ],
            })),
          ),
        split => `${split}.json`,
      ),
  },
]

/** A session of ELAN with one annotation, of half a second. */
function elanOf({ name, colour }: ColourVideo): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-03-04T10:00:00+01:00" FORMAT="3.0" VERSION="3.0">
  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
    <MEDIA_DESCRIPTOR MEDIA_URL="file:///C:/films/${name}.mp4" MIME_TYPE="video/mp4" RELATIVE_MEDIA_URL="./${name}.mp4"/>
  </HEADER>
  <TIME_ORDER>
    <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="0"/>
    <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="500"/>
  </TIME_ORDER>
  <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="default">
    <ANNOTATION>
      <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
        <ANNOTATION_VALUE>a ${colour} film</ANNOTATION_VALUE>
      </ALIGNABLE_ANNOTATION>
    </ANNOTATION>
  </TIER>
  <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>`
}
