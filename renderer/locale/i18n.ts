import { createI18n } from 'vue-i18n'
import type { wordLanguages } from '../../main/api/common/rules.ts'
import { en } from './en.ts'
import type { Words } from './words.ts'
import { zh } from './zh.ts'

/** The languages of the window; what the workbench itself composes comes in English and is told in them by `told`. */
export type Language = (typeof wordLanguages)[number]

/**
 * English is the source language: a word that another language lacks is shown in it. Forms of a Chinese sentence: of
 * none, where that differs, and of any number.
 */
export const i18n = createI18n<[typeof en | Words<typeof en>], Language, false>({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages: { en, zh },
  pluralRules: { zh: (count, forms) => (forms > 1 && count > 0 ? 1 : 0) },
})

/** For text outside components; inside them use `useI18n`. */
export const t = i18n.global.t

/** The language of the words, which those who read it follow. */
export const language = (): Language => i18n.global.locale.value

/** The tag by which browsers know how numbers and dates are written. */
export const languageTag = (): string => (language() === 'zh' ? 'zh-CN' : 'en')

export function setLanguage(chosen: Language): void {
  i18n.global.locale.value = chosen
  document.documentElement.lang = languageTag()
}
