import { createI18n } from 'vue-i18n'
import { en } from './en.ts'

/** English is the source language; another language is one more folder with the same keys. */
export const i18n = createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en', messages: { en } })

/** For text outside components; inside them use `useI18n`. */
export const t = i18n.global.t
