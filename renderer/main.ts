import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { keepConnected } from './client/client.ts'
import { i18n } from './locale/i18n.ts'
import { router } from './router.ts'
import { followWorkbench } from './stores/events.ts'
import { useToasts } from './stores/window/toasts.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'

const app = createApp(App).use(createPinia()).use(i18n).use(router)
// A bug in the window is shown like a bug anywhere else, and the rest of the window goes on.
app.config.errorHandler = error => {
  console.error(error)
  useToasts().fail(error)
}
followWorkbench()
void keepConnected()
app.mount('#app')
