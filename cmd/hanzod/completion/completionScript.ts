import type { WordNode } from "./wordTree.ts";

/** Shells that scripts are made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that completes the words of a command tree; it calls nothing but the shell. */
export function completionScript(shell: Shell, program: string, tree: readonly WordNode[]): string {
  switch (shell) {
    case "bash":
      return bashScript(program, tree);
    case "zsh":
      // zsh runs bash's completion functions once it is told to.
      return `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(program, tree)}`;
    case "fish":
      return fishScript(program, tree);
  }
}

function bashScript(program: string, tree: readonly WordNode[]): string {
  const words = tree.map(({ path, commands, flags }) => `    '${path}') words='${commands.join(" ")}'; flags='${flags.join(" ")}' ;;`);
  return `_${program}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" chain="" words="" flags="" word
  _${program}_words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " $words " in *" $word "*) ;; *) continue ;; esac
    chain="\${chain:+$chain }$word"
    _${program}_words
  done
  case "$current" in -*) words="$flags" ;; esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
_${program}_words() {
  case "$chain" in
${words.join("\n")}
    *) words=''; flags='' ;;
  esac
}
complete -o filenames -F _${program} ${program}
`;
}

function fishScript(program: string, tree: readonly WordNode[]): string {
  const lines = tree.flatMap(({ path, commands, flags }) => {
    const here = `-n '__${program}_at "${path}"'`;
    const below = commands.length === 0 ? [] : [`complete -c ${program} -f ${here} -a '${commands.join(" ")}'`];
    return [...below, ...flags.map((flag) => `complete -c ${program} ${here} -l ${flag.replace(/^--/, "")}`)];
  });
  const paths = tree.map(({ path }) => `'${path}'`).join(" ");
  return `set -g __${program}_paths ${paths}
function __${program}_at
  set -l path ''
  for word in (commandline -opc)[2..]
    set -l longer (string trim "$path $word")
    contains -- "$longer" $__${program}_paths; and set path "$longer"
  end
  test "$path" = "$argv[1]"
end
${lines.join("\n")}
`;
}
