import { useTemplateRef } from 'vue'

/**
 * A form whose work begins by its button only: Enter in a field must not start what takes long.
 * `name` is the template ref of the `<form>`, whose fields are checked before `begin` is called.
 */
export function useDeliberateForm(name: string, begin: () => unknown): () => void {
  const form = useTemplateRef<HTMLFormElement>(name)
  return () => {
    if (form.value?.reportValidity()) void begin()
  }
}
