/* Where a person was in a list: kept while the program is open, so that coming back from a record finds the same row on screen. */
export interface Place { id: number; row: number; col: number; top: number; left: number }
const places = new Map<string, Place>()
const lists = new Map<string, string>()

export const placeOf = (list: string): Place | undefined => places.get(list)
export function keepPlace(list: string, p: Place): void {
  places.delete(list)
  places.set(list, p)
  if (places.size > 50) places.delete(places.keys().next().value as string)
}
/* The list a record's page leads back to: the one last seen, with its filter and sort. */
export const listOf = (object: string): string => lists.get(object) ?? `/o/${object}`
export function keepList(object: string, url: string): void { lists.set(object, url) }
/* Did the person come to this page from a record of the object, by Back or by a link? */
export function cameFromRecord(object: string): boolean {
  const s = history.state as { back?: unknown; forward?: unknown } | null
  return [s?.back, s?.forward].some(p => typeof p === 'string' && new RegExp(`^/o/${object}/\\d+`).test(p))
}
