/** A text as one word of a POSIX shell: in quotes where it has anything but letters, digits and `_/.@%+=:,-`. For commands that people are told to run. */
export function shellWord(text: string): string {
  return /^[\w/.@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
