/** Its own looks; an app sets `--valetkey-…` to make it one of its own. */
export const STYLE = `
:host { display: inline-block; color-scheme: light dark }
button {
  font: inherit; font-weight: 600; line-height: 1.25; padding: 0.6em 1.1em; cursor: pointer;
  border: 1px solid var(--valetkey-line, light-dark(#15191e, #e9ecef)); border-radius: var(--valetkey-radius, 8px);
  color: var(--valetkey-ink, light-dark(#fff, #15191e)); background: var(--valetkey-ground, light-dark(#15191e, #e9ecef));
}
button:hover { opacity: 0.9 }
button:focus-visible { outline: 2px solid var(--valetkey-focus, #b7791f); outline-offset: 2px }
button[aria-busy=true], button[aria-disabled=true] { cursor: default; opacity: 0.7 }
:host([state=connected]) button {
  color: light-dark(#17693d, #7fd6a2); background: transparent; border-color: currentColor; opacity: 1;
}
p { margin: 0.5em 0 0; font-size: 0.875em; color: light-dark(#a3261c, #ff9d92) }
p:empty { display: none }
`
