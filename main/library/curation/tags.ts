import { ExpectedError } from '../../../native-models/expected-error.ts'
import { longestTag } from '../../api/common/rules.ts'
import type { TagChange, UsedTag } from '../../api/library/curation.ts'
import type { Database } from '../../storage/database.ts'
import { foldText } from '../folders/video-files.ts'

/**
 * A tag as it is kept: without surplus spaces. @throws ExpectedError `tag-name` for one that is empty, too long or has
 * a comma, which separates tags on the command line and in addresses.
 */
function cleanTag(written: string): string {
  const tag = written.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
  if (tag === '' || tag.length > longestTag || /[,\p{Cc}]/u.test(tag)) {
    throw new ExpectedError(
      'tag-name',
      `“${written.slice(0, longestTag)}” cannot be a tag: write 1 to ${longestTag} characters without a comma.`,
    )
  }
  return tag
}

/** Words that the user put to videos. They stay with a video that is scanned again, moved, or removed and put back. */
export class Tags {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Every tag that a video has, by name. */
  list(): UsedTag[] {
    return this.#database
      .prepare('SELECT MIN(tag) AS tag, COUNT(*) AS videos FROM video_tags GROUP BY folded ORDER BY folded')
      .all<UsedTag>()
  }

  /** Makes the changes, all or none. @returns what was not so before; videos that are unknown are left out. */
  change(changes: readonly TagChange[]): TagChange[] {
    return this.#database.transaction(() =>
      changes.flatMap(({ tag, videoIds, tagged }) => {
        const changed = tagged ? this.#add(cleanTag(tag), videoIds) : this.#remove(tag, videoIds)
        return changed.videoIds.length > 0 ? [changed] : []
      }),
    )
  }

  #add(tag: string, videoIds: readonly number[]): TagChange {
    const folded = foldText(tag)
    const spelled =
      this.#database.prepare('SELECT tag FROM video_tags WHERE folded = ? LIMIT 1').get<{ tag: string }>([folded])
        ?.tag ?? tag
    const without = this.#ids(
      `SELECT v.id FROM videos v JOIN json_each(?1) wanted ON wanted.value = v.id
       WHERE NOT EXISTS (SELECT 1 FROM video_tags t WHERE t.video_id = v.id AND t.folded = ?2)`,
      [JSON.stringify([...new Set(videoIds)]), folded],
    )
    this.#database
      .prepare('INSERT INTO video_tags (video_id, folded, tag) SELECT value, ?2, ?3 FROM json_each(?1)')
      .run([JSON.stringify(without), folded, spelled])
    return { tag: spelled, videoIds: without, tagged: true }
  }

  #remove(tag: string, videoIds: readonly number[]): TagChange {
    const folded = foldText(tag.normalize('NFC').trim())
    const having = this.#ids(
      'SELECT video_id AS id FROM video_tags WHERE folded = ?2 AND video_id IN (SELECT value FROM json_each(?1))',
      [JSON.stringify(videoIds), folded],
    )
    this.#database
      .prepare('DELETE FROM video_tags WHERE folded = ?2 AND video_id IN (SELECT value FROM json_each(?1))')
      .run([JSON.stringify(having), folded])
    return { tag, videoIds: having, tagged: false }
  }

  #ids(sql: string, values: readonly string[]): number[] {
    return this.#database
      .prepare(sql)
      .all<{ id: number }>(values)
      .map(({ id }) => id)
  }
}
