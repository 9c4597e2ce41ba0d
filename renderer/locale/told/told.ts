import { language } from '../i18n.ts'
import { toldZh } from './chinese.ts'
import { translator } from './recognise.ts'

const inChinese = translator(toldZh)

/**
 * What the workbench says, in the language of the window: an error, a warning, a notice, the title of a job. It comes
 * as an English sentence, by which its words and values are found; one that is not known stays in English.
 */
export function told(text: string): string {
  return language() === 'zh' ? (inChinese(text) ?? text) : text
}
