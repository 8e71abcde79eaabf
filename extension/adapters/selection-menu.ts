import { browser } from './browser.ts'

const MENU_ITEM = 'save-selection'

/** What a person marked when they chose the menu item. */
export interface MarkedText {
  readonly text: string
  readonly url: string | null
  readonly tabId: number | null
}

/** Puts the item into the browser's menu for marked text. The browser keeps it, so once an installation is enough. */
export async function createSelectionMenu(title: string): Promise<void> {
  // One that is there already would be a second of the same name: an error.
  await browser.contextMenus.removeAll()
  browser.contextMenus.create({ id: MENU_ITEM, title, contexts: ['selection'] })
}

/** Listens for it; registered at once, or the choice would not wake us. */
export function onSelectionMenu(listener: (marked: MarkedText) => void): void {
  browser.contextMenus.onClicked.addListener((info, tab) => {
    if (info.menuItemId !== MENU_ITEM) return
    const { selectionText: text = '', frameUrl, pageUrl } = info
    listener({ text, url: frameUrl ?? pageUrl ?? null, tabId: tab?.id ?? null })
  })
}
