/** The event by which the script in the page's world tells what the page copied. Any page can make it. */
export const COPIED = 'valetkey:copied'
