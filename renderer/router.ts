import { createRouter, createWebHashHistory } from 'vue-router'

/** Names are also keys of `nav.*`, in the order of the navigation. */
export const pages = ['library', 'search', 'alignment', 'attention', 'fine-tune', 'evaluate', 'models', 'settings'] as const
export type PageName = (typeof pages)[number]

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', redirect: { name: 'library' } },
    { path: '/library', name: 'library', component: () => import('./pages/LibraryPage.vue') },
    { path: '/search', name: 'search', component: () => import('./pages/SearchPage.vue') },
    { path: '/alignment/:videoId(\\d+)?', name: 'alignment', component: () => import('./pages/AlignmentPage.vue') },
    { path: '/attention/:videoId(\\d+)?', name: 'attention', component: () => import('./pages/AttentionPage.vue') },
    { path: '/fine-tune/:runId?', name: 'fine-tune', component: () => import('./pages/FineTunePage.vue') },
    { path: '/evaluate/:evaluationId?', name: 'evaluate', component: () => import('./pages/EvaluatePage.vue') },
    { path: '/models', name: 'models', component: () => import('./pages/ModelsPage.vue') },
    { path: '/settings', name: 'settings', component: () => import('./pages/SettingsPage.vue') },
    { path: '/:anything(.*)', redirect: { name: 'library' } },
  ],
})
