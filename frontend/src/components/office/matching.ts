// The page's half of searching for people: as naming.Matches of the program, which makes
// the texts. testdata/matches.json there holds both to the same answers.

/** Stands in a text before whole addresses, which are looked at for words with "@" or "." only. */
const wholeMark = "\0";

/** Says of a text of the search index whether it holds every word of what was typed. */
export function matcher(typed: string): (text: string) => boolean {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => ({ word, whole: /[@.]/.test(word) }));
  return (text) => {
    const near = text.indexOf(wholeMark);
    return words.every(({ word, whole }) => {
      const at = text.indexOf(word);
      return at >= 0 && (whole || near < 0 || at + word.length <= near);
    });
  };
}
