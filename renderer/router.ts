import { createRouter, createWebHashHistory } from 'vue-router'

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', redirect: { name: 'library' } },
    { path: '/library', name: 'library', component: () => import('./features/library/LibraryPage.vue') },
    { path: '/search', name: 'search', component: () => import('./features/search/SearchPage.vue') },
    { path: '/map', name: 'map', component: () => import('./features/map/MapPage.vue') },
    {
      path: '/alignment/:videoId(\\d+)?',
      name: 'alignment',
      component: () => import('./features/alignment/AlignmentPage.vue'),
    },
    {
      path: '/attention/:videoId(\\d+)?',
      name: 'attention',
      component: () => import('./features/attention/AttentionPage.vue'),
    },
    {
      path: '/questions/:videoId(\\d+)?',
      name: 'questions',
      component: () => import('./features/questions/QuestionsPage.vue'),
    },
    { path: '/fine-tune/:runId?', name: 'fine-tune', component: () => import('./features/training/FineTunePage.vue') },
    {
      path: '/evaluate/:evaluationId?',
      name: 'evaluate',
      component: () => import('./features/evaluation/EvaluatePage.vue'),
    },
    { path: '/models', name: 'models', component: () => import('./features/models/ModelsPage.vue') },
    { path: '/settings', name: 'settings', component: () => import('./features/settings/SettingsPage.vue') },
    { path: '/:anything(.*)', redirect: { name: 'library' } },
  ],
})
