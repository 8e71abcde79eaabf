import { useState, type ReactNode } from 'react'

/** Asks for a name first, as every dashboard does. */
export function NewKeyForm(props: {
  submit: string
  placeholder: string
  /** What else this provider asks. */
  children?: ReactNode
  onMake: (name: string) => void
}) {
  const [name, setName] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        props.onMake(name)
      }}
    >
      <label>
        Name
        <input
          value={name}
          placeholder={props.placeholder}
          onChange={(event) => {
            setName(event.target.value)
          }}
        />
      </label>
      {props.children}
      <button type="submit" className="primary">
        {props.submit}
      </button>
    </form>
  )
}
